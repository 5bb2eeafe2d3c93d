"""Requests as no browser sends them: ``{what: a function of the client and an address}``.

UNREADABLE ones can mean nothing, so each of them is answered with 400 wherever it goes. ODD ones
can be read, and mean nothing good; a view may answer them with a form, a redirect or 404, but not
with 500."""

from bs4 import BeautifulSoup

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=x"
CHARSETS = "utf-7 utf-16 utf-32 idna punycode hex rot13 zlib unicode_escape latin-1 klingon".split()
# Names of other charsets in the extended notation of RFC 2231.
EXTENDED = ["idna''%FF", "klingon''a", "hex''61", "undefined''a", "utf-16''a"]
LONG = "x" * 50_000


def part(headers, content="a"):
    return f"--x\r\nContent-Disposition: form-data; {headers}\r\n\r\n{content}\r\n--x--\r\n"


def _sent(body, kind, **headers):
    return lambda client, address: client.generic("POST", address, body, kind, headers=headers)


def _got(**headers):
    return lambda client, address: client.get(address, headers=headers)


def _with_cookies(text):
    """A request with these cookies and the client's own."""

    def ask(client, address):
        own = "; ".join(f"{name}={each.value}" for name, each in client.cookies.items())
        return client.get(address, HTTP_COOKIE=f"{own}; {text}".removeprefix("; "))

    return ask


NAMES = "sessionid csrftoken messages hearth_writer hearth_reader hearth_notes theme".split()
# Headers that no view need see; and, below, forms, which are read where there is a view.
UNREADABLE = {
    **{f"{name}, a form": _sent("name=a", f"{FORM}; charset={name}") for name in CHARSETS},
    **{
        f"{name}, in parts": _sent(part('name="name"'), f"{MULTIPART}; charset={name}")
        for name in CHARSETS
    },
    **{f"{name}, no form": _sent("{}", f"text/plain; charset={name}") for name in CHARSETS},
    "a charset of 50,000 letters": _sent("name=a", f"{FORM}; charset={LONG}"),
    "a charset of other letters": _sent(part('name="name"'), f"{MULTIPART}; charset=utf-8é"),
    "too many parameters": lambda client, address: client.get(address + "?" + "a=&" * 1200),
    **{f"a NUL in {name}": _with_cookies(rf'{name}="aaaaaaaa\000aaaaaaaa"') for name in NAMES},
    **{
        f"a NUL in {name}": _got(**{name: "a\0b"})
        for name in ("user-agent", "referer", "accept-language", "hx-current-url", "cookie")
    },
}
UNREADABLE_FORMS = {
    "no boundary": _sent("name=a", "multipart/form-data"),
    "an empty boundary": _sent("name=a", "multipart/form-data; boundary="),
    "a boundary of other letters": _sent("name=a", "multipart/form-data; boundary=é"),
    "an endless boundary": _sent("name=a", f"multipart/form-data; boundary={LONG}"),
    "endless headers of a part": _sent(part(f'name="{LONG}"'), MULTIPART),
    "a file that is not base64": _sent(
        part('name="file"; filename="a"\r\nContent-Transfer-Encoding: base64', "a"), MULTIPART
    ),
    "too many fields": _sent("&".join(f"a{number}=" for number in range(1200)), FORM),
}


def _names(client, address):
    """Return the names of the fields that a page shows, and those of common forms."""
    page = client.get(address)
    soup = BeautifulSoup(b"" if page.streaming else page.content, "html.parser")
    named = soup.select("input[name], textarea[name], select[name], button[name]")
    common = "name email body reason text title slug q login password username code key next back"
    return {*(field["name"] for field in named), *common.split(), "credential", "action", "given"}


def _typed(value):
    """A form with this in each of its fields."""
    return lambda client, address: client.post(
        address, dict.fromkeys(_names(client, address) - {"csrfmiddlewaretoken"}, value)
    )


def _asked(value):
    """The same in a query, percent-encoded already."""
    names = "q page order open after next back status tab post comment day p o e all"
    query = "&".join(f"{name}={value}" for name in names.split())
    return lambda client, address: client.get(f"{address}?{query}")


ODD = {
    "half a letter as a file's name": _sent(
        part("name=\"file\"; filename*=raw-unicode-escape''%5Cud800"), MULTIPART
    ),
    "half a letter as a field's name": _sent(part("name*=raw-unicode-escape''%5Cud800"), MULTIPART),
    "NULs in a form": _typed("a\0b"),
    "a form of 50,000 letters a field": _typed(LONG),
    "a form of 50,000 digits a field": _typed("9" * 50_000),
    "half letters in JSON": _typed('{"id": "\\ud800", "rawId": "\\ud800", "type": "public-key"}'),
    "nested JSON": _typed("[" * 5_000),
    "bytes that are no UTF-8 in a form": _sent(
        "&".join(f"{name}=%ED%A0%80%C0%80%FF" for name in ("name", "body", "email", "login", "q")),
        FORM,
    ),
    "raw bytes in a form": _sent(b"name=\xed\xa0\x80&body=\xc0\x80&login=\xff&email=\xff", FORM),
    "a broken end": _sent(part('name="name"')[:-12], MULTIPART),
    "nothing where parts should be": _sent("name=a", MULTIPART),
    "a file of a name of 50,000 letters": _sent(
        part(f'name="file"; filename="{LONG[:900]}"'), MULTIPART
    ),
    "a NUL as a file's name": _sent(part('name="file"; filename="\0"'), MULTIPART),
    "a folder as a file's name": _sent(part('name="upload"; filename="../../x\0.png"'), MULTIPART),
    "a file where words should be": _sent(part('name="body"; filename="a.txt"'), MULTIPART),
    "NULs in the query": _asked("%00"),
    "bytes that are no UTF-8 in the query": _asked("%ED%A0%80%C0%80%FF"),
    "raw bytes in the query": lambda client, address: client.get(
        address, QUERY_STRING="q=\xed\xa0\x80&page=\xc0\x80&next=\xff"
    ),
    "50,000 letters in the query": _asked(LONG),
    "50,000 digits in the query": _asked("9" * 50_000),
    "a broken address in the query": _asked("http://[::1"),
    "bytes that are no UTF-8 as cookies": _with_cookies(
        "; ".join(f"{name}=\xed\xa0\x80\xc0\x80\xff" for name in NAMES)
    ),
    "cookies of 50,000 letters": _with_cookies("; ".join(f"{name}={LONG}" for name in NAMES)),
    "strange headers": _got(
        **dict.fromkeys(("user-agent", "referer", "accept-language"), "í\xa0\x80ÿ["),
        accept="\xff;q=x",
        if_none_match="\xff",
        if_modified_since="\xff",
        range="bytes=-" + "9" * 5000,
        origin="\xff",
        hx_request="true",
        hx_current_url="http://[",
    ),
    "headers of 50,000 letters": _got(
        **dict.fromkeys(("user-agent", "referer", "accept-language", "if-none-match"), LONG)
    ),
    "a strange method": lambda client, address: client.generic("XYZZY\0", address, "a"),
    "a wrong length": lambda client, address: client.generic(
        "POST", address, "name=a", FORM, CONTENT_LENGTH="²"
    ),
    "a negative length": lambda client, address: client.generic(
        "POST", address, part('name="name"'), MULTIPART, CONTENT_LENGTH="-5"
    ),
}
