"""How each language of the desk writes dates, where Django's own way is not the site's."""
