"""What browsers may do on our pages. One policy for readers and editors alike."""

from csp.constants import NONE, SELF

CSP_DIRECTIVES = {
    "default-src": [NONE],
    "script-src": [SELF],
    # Public pages carry their styles inside the page; each page adds the hash of its own sheet
    # (healthsite.styles). There is no 'unsafe-inline' anywhere.
    "style-src": [SELF],
    # data: for the landscape inside the style sheet; a picture cannot run anything.
    "img-src": [SELF, "data:"],
    "font-src": [SELF],
    "connect-src": [SELF],
    "form-action": [SELF],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
    "object-src": [NONE],
}

# An article asks nothing of a phone: every sensor and prompt is off.
PERMISSIONS_POLICY = {
    feature: []
    for feature in (
        "accelerometer",
        "autoplay",
        "camera",
        "display-capture",
        "encrypted-media",
        "fullscreen",
        "geolocation",
        "gyroscope",
        "hid",
        "idle-detection",
        "local-fonts",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "picture-in-picture",
        "publickey-credentials-get",
        "screen-wake-lock",
        "serial",
        "usb",
        "xr-spatial-tracking",
    )
}
