"""Characters that XML 1.0 cannot hold, not even escaped (section 2.2, Char)."""

import re

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """The text without them: control characters, halves of pairs, and U+FFFE and U+FFFF."""
    return _NOT_XML.sub("", text)
