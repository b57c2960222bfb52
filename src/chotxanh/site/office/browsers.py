"""What people call the browser they sit at, by what it says of itself: to know one's own sessions apart."""

_BROWSERS = (
    ("coc_coc_browser", "Cốc Cốc"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def browser_named(said: str) -> str:
    """Return `Chrome, Windows` for the User-Agent that says so; empty for one that says nothing known."""
    names = (next((name for sign, name in known if sign in said), "") for known in (_BROWSERS, _SYSTEMS))
    return ", ".join(filter(None, names))
