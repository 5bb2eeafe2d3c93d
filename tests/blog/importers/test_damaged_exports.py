"""Broken, odd or hostile exports are repaired, or refused in one sentence."""

import gzip
import io
import tracemalloc

import pytest

from blog.importers.records import ExportError, Item, Repairs
from blog.importers.wxr import read_export
from tests.blog.wxr_samples import comment, export, item


def read(data):
    return list(read_export(io.BytesIO(data)))


def refusal(data):
    with pytest.raises(ExportError) as caught:
        read(data)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


def test_control_characters_are_dropped_and_counted():
    data = export(item(body="a\x00b\x08c\x1fd")).replace(b"<title>Old", b"<title>O&#x1b;&#11;ld")
    site, post, repairs = read(data)
    assert (site.title, post.body) == ("Old", "abcd")
    assert repairs == Repairs(control_characters=5)


def test_a_byte_order_mark_and_blank_lines_before_the_file_do_no_harm():
    data = export(item())
    for start in (b"\xef\xbb\xbf", b"\n\n  ", b"\xef\xbb\xbf\r\n"):
        assert len(read(start + data)) == 3


def test_a_file_in_latin_1_is_read_with_the_quotes_of_windows():
    data = export(item(body="caf\xe9 #quoted#"), encoding="ISO-8859-1")
    data = data.replace(b"#quoted#", b"\x93quoted\x94")
    assert read(data)[1].body == "café “quoted”"


def test_latin_1_bytes_in_a_utf_8_file_are_mended_and_counted():
    data = export(item(body="café #")).replace(b"#", b"caf\xe9")
    _, post, repairs = read(data)
    assert post.body == "café café"
    assert repairs.wrong_bytes == 1


def test_utf_16_is_read_by_its_byte_order_mark():
    text = export(item(body="日本")).decode().replace("UTF-8", "UTF-16")
    assert read(text.encode("utf-16"))[1].body == "日本"


def test_characters_split_across_chunks_stay_whole():
    body = "é日👋&#8217;" * 60_000
    data = export(item(body=body))
    for shift in range(4):
        assert read(b" " * shift + data)[1].body == body


def test_an_html_entity_outside_cdata_is_its_character():
    assert read(export(item(title="Fish&nbsp;&eacute;")))[1].title == "Fish\xa0é"


def test_data_after_the_end_of_the_export_is_ignored():
    assert len(read(export(item()) + b"<br />Warning: junk & more")) == 3


@pytest.mark.parametrize("data", [b"", b"  \n", gzip.compress(b"", mtime=0)])
def test_an_empty_file_is_refused(data):
    assert refusal(data) == "The file is empty."


@pytest.mark.parametrize(
    "data",
    [
        b"hello",
        b'{"posts": []}',
        b"<html><body></body></html>",
        b'<!DOCTYPE html PUBLIC "-//W3C//DTD" "http://example.org/x.dtd"><html></html>',
        b"<feed xmlns='http://www.w3.org/2005/Atom'></feed>",
        b"<rss version='2.0'><channel><title>x</title></channel></rss>",
        b"<rss version='2.0'><channel><item><title>x</title></item></channel></rss>",
    ],
)
def test_a_file_that_is_no_export_is_refused(data):
    assert refusal(data).startswith("This isn’t a WordPress export: ")


def test_a_file_that_ends_too_early_is_refused_wherever_it_was_cut():
    data = export(item(comment(1)), item(comment(2)))
    end = data.rindex(b"</rss>")
    for length in range(data.index(b"<channel>"), end, 37):
        assert "ends too early" in refusal(data[:length])


def test_a_damaged_or_cut_off_gzip_file_is_refused():
    data = gzip.compress(export(item(body="x" * 1000)))
    assert "is incomplete" in refusal(data[:-20])
    assert "damaged" in refusal(data[:40] + b"\x00\xff\x00" + data[43:])


def test_a_zip_archive_is_refused_with_advice():
    assert "Unpack it" in refusal(b"PK\x03\x04rest")


def test_malformed_xml_is_refused_with_its_line():
    assert "at line 4" in refusal(export("<wp:tag></wp:term>"))
    assert "unknown entity bogus" in refusal(export(item(title="&bogus;")))


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE rss [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE rss [<!ENTITY % p SYSTEM "http://example.org/x.dtd"> %p;]>',
        '<!DOCTYPE rss SYSTEM "http://example.org/x.dtd">',
        '<!DOCTYPE rss PUBLIC "-//X//EN" "http://example.org/x.dtd">',
    ],
)
def test_entities_are_refused_before_they_do_anything(declaration):
    data = export(item(title="&b;")).replace(b"<rss", declaration.encode() + b"<rss", 1)
    assert refusal(data).endswith("so it can’t be imported.")


def test_a_plain_doctype_is_accepted():
    assert len(read(export(item()).replace(b"<rss", b"<!DOCTYPE rss><rss", 1))) == 3


def test_endlessly_nested_elements_are_refused():
    assert "nested too deep" in refusal(export("<a>" * 5000))


def test_an_unknown_encoding_and_a_missing_file_are_refused(tmp_path):
    data = export(item()).replace(b'"UTF-8"', b'"klingon"')
    assert "klingon" in refusal(data)
    with pytest.raises(ExportError, match="can’t be opened"):
        list(read_export(tmp_path / "missing.xml"))


def test_an_invalid_number_is_read_as_zero():
    (post,) = [
        r for r in read(export(item(post_parent="x", menu_order="9" * 30))) if type(r) is Item
    ]
    assert (post.parent, post.menu_order) == (0, 0)


def test_a_file_of_40_megabytes_needs_little_memory(tmp_path):
    path = tmp_path / "large.xml"
    start, end = export("#").split(b"#")
    with path.open("wb") as file:
        file.write(start)
        for number in range(400):
            file.write(item(body="lorem ipsum " * 8500, post_id=number).encode())
        file.write(end)
    assert path.stat().st_size > 40_000_000
    tracemalloc.start()
    count = sum(1 for _ in read_export(path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 402
    assert peak < 8_000_000
