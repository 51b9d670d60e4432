"""The WSGI application that gunicorn serves.

The whole-response cache will wrap this callable as the outermost layer (see
docs/decisions/0006-responses-are-plain-until-the-page-cache.md); until then it is Django alone.
"""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "healthsite.settings")

application = get_wsgi_application()
