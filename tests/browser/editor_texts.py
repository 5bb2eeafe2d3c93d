"""Sample texts for the editor: HTML it supports, and HTML as other programs paste it."""

# As the server stores them; the editor returns each one unchanged.
HELD = [
    "<p>One.</p><p>Two &amp; <strong>three</strong> !</p>",
    "<h2>a</h2><h3>b</h3><h4>c</h4><h5>d</h5><h6>e</h6><p>f</p>",
    "<ul><li>a<ul><li>b</li></ul></li><li><p>c</p><p>d</p></li></ul>",
    '<ol start="3"><li>a</li><li>b</li></ol><p>c</p>',
    "<blockquote><p>a</p><ul><li>b</li></ul></blockquote>",
    ("<pre><code>a &lt;b&gt;\n\n  c</code></pre><p>d</p>"),
    "<p>a<br>b</p><hr><p>c</p>",
    (
        '<p><a href="/about/" title="t">a</a> <a href="#b">b</a> <a href="mailto:a@exampl'
        'e.org">c</a></p>'
    ),
    (
        "<p><strong>a<em>b</em></strong> <code>c</code> <s>d</s> <u>e</u> H<sub>2</sub>O "
        "m<sup>2</sup></p>"
    ),
    '<p><a href="/b/" hreflang="de"><kbd><code>a</code></kbd></a></p>',
    '<p lang="he" dir="rtl">שלום <span lang="en">a</span></p>',
    (
        '<p><abbr title="a b">ab</abbr> <kbd>c</kbd> <mark>d</mark> <small>e</small> <cit'
        "e>f</cite></p>"
    ),
    (
        '<p><del>a</del> <ins datetime="2026-01-01">b</ins> <time datetime="2026">c</time'
        "> <q>d</q></p>"
    ),
    '<figure><img src="/static/icon.svg" alt="a"></figure><p>b</p>',
    (
        '<figure><img src="/static/icon.svg" alt=""><figcaption>b <em>c</em></figcaption>'
        "</figure><p>d</p>"
    ),
    (
        '<figure><a href="/b/"><img src="/static/icon.svg" width="9" height="9"></a></fig'
        "ure><p>c</p>"
    ),
    '<p>a <img src="/static/icon.svg" alt="b"> c</p>',
    '<p><a href="/b/"><img src="/static/icon.svg" alt="b"></a></p>',
    (
        '<table><tbody><tr><th>a</th><th>b</th></tr><tr><td colspan="2">c</td></tr></tbod'
        "y></table><p>d</p>"
    ),
]

# As Word puts it on the clipboard: lists are paragraphs with a sign.
WORD = (
    '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p{color:red'
    "}</style>\n"
    '<meta name=Generator content="Microsoft Word 15"></head><body><!--StartFragment-->\n'
    "<h1 style='margin:0'><b><span lang=EN style='font-size:20pt'>The lake</span></b>"
    "<o:p></o:p></h1>\n"
    "<p class=MsoNormal style='margin:0cm'><span style='font-family:\"Calibri\"'>Some\n"
    "<b style='mso-bidi-font-weight:normal'>bold</b> and&nbsp;<i>slanted</i> words.<o"
    ":p></o:p></span></p>\n"
    "<p class=MsoNormal><o:p>&nbsp;</o:p></p>\n"
    "<p class=MsoListParagraphCxSpFirst style='text-indent:-18pt;mso-list:l0 level1 l"
    "fo1'><!--[if !supportLists]-->\n"
    "<span style='font-family:Symbol'><span style='mso-list:Ignore'>·<span>&nbsp;&nbs"
    "p; </span></span></span>\n"
    "<!--[endif]-->one<o:p></o:p></p>\n"
    "<p class=MsoListParagraphCxSpMiddle style='mso-list:l0 level2 lfo1'><span style="
    "'mso-list:Ignore'>o</span>inner</p>\n"
    "<p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><span style='m"
    "so-list:Ignore'>·</span>two</p>\n"
    "<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='mso-list:"
    "Ignore'>1.</span>first</p>\n"
    "<table class=MsoTableGrid border=1><tr><td width=50 style='border:1pt'><p class="
    "MsoNormal>cell</p></td></tr></table>\n"
    '<p class=MsoNormal><img width=5 height=5 src="file:///C:/a.png" v:shapes="b"></p>\n'
    "<!--EndFragment--></body></html>"
)
FROM_WORD = (
    "<h2>The lake</h2><p>Some <strong>bold</strong> and <em>slanted</em> words.</p><u"
    "l><li>one<ul><li>inner</li></ul></li><li>two</li></ul><ol><li>first</li></ol><ta"
    "ble><tbody><tr><td>cell</td></tr></tbody></table>"
)
# As Google Docs does: all of it in a <b> that is not bold.
DOCS = (
    '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1"><'
    'h2 dir="ltr"><span style="font-weight:400">Heading</span></h2><p dir="ltr"><span'
    ' style="font-weight:700">bold</span><span style="font-weight:400"> plain </span>'
    '<span style="font-style:italic;font-weight:400">slanted</span></p><br /><ul><li '
    'dir="ltr" aria-level="1"><p dir="ltr"><span>a</span></p></li></ul><p><a href="ht'
    'tps://example.org/" style="color:red"><span>b</span></a></p></b>'
)
FROM_DOCS = (
    "<h2>Heading</h2><p><strong>bold</strong> plain <em>slanted</em></p><ul><li>a</li"
    '></ul><p><a href="https://example.org/">b</a></p>'
)
# From some page.
ELSEWHERE = (
    '<div class="x" onclick="alert(1)"><p style="color:red">a<script>alert(1)</script'
    '></p><svg onload="alert(1)"></svg><p><a href="javascript:alert(1)">b</a></p><img'
    ' src="https://example.com/pixel.gif" onerror="alert(1)"></div>'
)
