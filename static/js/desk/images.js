/* The picture library, made quicker: a click sets the focal point, crops follow at once, and files
   can be dropped. Everything here has a field that does the same without this file. */
"use strict";

(() => {
  const rounded = (number) => Math.floor(number + 0.5);
  const within = (number, low, high) => Math.min(high, Math.max(low, number));

  /* The same arithmetic as articles/crops.py; a browser test compares the two. */
  const cropBox = (width, height, x, y, ratioWidth, ratioHeight) => {
    const cropWidth = Math.min(width, Math.max(1, rounded((height * ratioWidth) / ratioHeight)));
    const cropHeight = Math.min(height, Math.max(1, rounded((width * ratioHeight) / ratioWidth)));
    const left = within(rounded((width * x) / 100 - cropWidth / 2), 0, width - cropWidth);
    const top = within(rounded((height * y) / 100 - cropHeight / 2), 0, height - cropHeight);
    return [left, top, cropWidth, cropHeight];
  };

  const startFocus = (stage, across, down) => {
    const { width, height } = stage.viewBox.baseVal;
    const mark = document.getElementById("focus-mark");
    const crops = document.querySelectorAll(".crop__picture");

    const percent = (field) => within(Math.round(Number(field.value)) || 0, 0, 100);
    const show = () => {
      const [x, y] = [percent(across), percent(down)];
      mark.setAttribute("transform", `translate(${(width * x) / 100} ${(height * y) / 100})`);
      for (const crop of crops) {
        const { cropWidth, cropHeight } = crop.dataset;
        const box = cropBox(width, height, x, y, Number(cropWidth), Number(cropHeight));
        crop.setAttribute("viewBox", box.join(" "));
      }
    };

    stage.addEventListener("click", (event) => {
      const place = stage.getBoundingClientRect();
      across.value = within(Math.round(((event.clientX - place.left) / place.width) * 100), 0, 100);
      down.value = within(Math.round(((event.clientY - place.top) / place.height) * 100), 0, 100);
      show();
    });
    across.addEventListener("input", show);
    down.addEventListener("input", show);
    stage.classList.add("stage--clickable");
    document.querySelector(".preview__hint").hidden = false;
    show();
  };

  const element = (name, className, text = "") => {
    const made = document.createElement(name);
    made.className = className;
    made.textContent = text;
    return made;
  };

  const megabytes = (size) => (size / 1024 ** 2).toFixed(1);

  /* A file input becomes a zone; the input stays, and stays the way in for keyboards. */
  const startZone = (input) => {
    const limit = Number(input.dataset.limit);
    const zone = element("div", "drop");
    const list = element("ul", "drop__files");
    list.setAttribute("role", "status");
    input.before(zone);
    zone.append(input, element("p", "drop__hint", input.dataset.drop), list);

    const take = (files) => {
      const chosen = input.multiple ? [...files] : [...files].slice(0, 1);
      const kept = new DataTransfer();
      list.replaceChildren(
        ...chosen.map((file) => {
          const row = element("li", "drop__file", `${file.name} · ${megabytes(file.size)} MB`);
          if (file.size > limit) {
            row.classList.add("drop__file--refused");
            row.textContent = `${row.textContent} · ${input.dataset.tooLarge}`;
          } else {
            kept.items.add(file);
          }
          return row;
        }),
      );
      input.files = kept.files;
    };
    input.addEventListener("change", () => take(input.files));
    if (input.form) {
      input.form.addEventListener("submit", () => {
        if (input.files.length) zone.classList.add("drop--busy");
      });
      window.addEventListener("pageshow", () => zone.classList.remove("drop--busy"));
    }
    return { zone, take };
  };

  const carriesFiles = (event) => event.dataTransfer && event.dataTransfer.types.includes("Files");

  /* A file dropped beside a zone would replace the page, and all that was typed with it. */
  const listenForDrops = (zones) => {
    const aim = (event) => zones.find(({ zone }) => zone.contains(event.target)) || zones[0];
    const light = (target) =>
      zones.forEach(({ zone }) => zone.classList.toggle("drop--over", zone === target));
    document.addEventListener("dragover", (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      const details = aim(event).zone.closest("details");
      if (details) details.open = true;
      light(aim(event).zone);
    });
    document.addEventListener("dragleave", (event) => {
      if (!event.relatedTarget) light(null);
    });
    document.addEventListener("drop", (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      light(null);
      aim(event).take(event.dataTransfer.files);
    });
  };

  const stage = document.getElementById("focus-stage");
  const across = document.getElementById("id_focus_x");
  const down = document.getElementById("id_focus_y");
  if (stage && across && down) startFocus(stage, across, down);

  const zones = [...document.querySelectorAll("input[type=file][data-drop]")].map(startZone);
  if (zones.length) listenForDrops(zones);
})();
