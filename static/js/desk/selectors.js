/* Django's chooser of several things labels its search fields with a bare span; a span without a
   role may carry no name. Gives it the role of the picture it is. */
"use strict";
{
  const mend = () => {
    for (const sign of document.querySelectorAll(".selector-filter .search-label-icon:not([role])")) {
      sign.setAttribute("role", "img");
    }
  };
  // After Django's own listeners, which were registered earlier.
  window.addEventListener("load", mend);
  document.addEventListener("formset:added", () => setTimeout(mend));
}
