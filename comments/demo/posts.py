"""The posts and pages of the demo content: an invented blog by an invented person.

Each post is ``(title, days, status, mode, tags, excerpt, body)``; ``days`` is how long ago it
was published, a negative number how soon it will be.
"""

BLOG = {
    "title": "The Kitchen Light",
    "tagline": "Notes from the years after",
    "about": "Alice writes about life after losing her sister, about therapy, and small things.",
}
# Who has a public profile page, and what it says.
BIOS = {"alice": "I write about what comes after: a death, therapy, small things. With soup."}
CONVERSATION = "tuesdays-at-four"  # the post with most of the comments

# Content notes: title of the post, and name of the note.
NOTES = {"Her coat": "grief"}

# Pictures, drawn for the demo: title of the post, file in comments/demo/pictures, description.
PICTURES = {
    "How this began": (
        "kitchen-light.webp",
        "A small dark house in the snow at night; one window is lit.",
    ),
    "Her coat": ("her-coat.webp", "A red coat on a rail, between a yellow scarf and a blue bag."),
    "Tuesdays at four": (
        "two-chairs.webp",
        "Two armchairs, green and orange, with a drooping plant between them.",
    ),
    "A birthday without its person": (
        "soup.webp",
        "A bowl of red soup on a table, a candle, and hills behind the window.",
    ),
    "Things that were quietly kind": ("oranges.webp", "A blue bowl full of oranges."),
}
# The series, its description, and its posts by title.
SERIES = (
    "The first year",
    "What comes after, in the order in which it came.",
    ["How this began", "What I say when people ask how I am", "Her coat", "Tuesdays at four"],
)

POSTS = [
    (
        "How this began",
        410,
        "archived",
        "default",
        ["Everyday"],
        "Why there is a blog at all, and why it has a light in its name.",
        """<p>My sister Nora used to leave the kitchen light on for whoever came home last. It was
never agreed on. It was simply on, and you knew that somebody had thought of you before going to
bed.</p>
<p>She died in spring. I am starting this because I talk to her in my head all day, and it may be
kinder to everybody around me if some of it goes onto a page.</p>""",
    ),
    (
        "What I say when people ask how I am",
        33,
        "published",
        "default",
        ["Everyday", "Grief"],
        "There is a short answer, a long answer, and the one I give in the bakery.",
        """<p>There is a short answer. It is “all right”, and it is given to the postman, to the
neighbour with the dog, and to myself before eight in the morning.</p>
<p>There is a long answer. It takes a pot of tea and somebody who does not look at the clock. I
have given it four times since spring.</p>
<p>And there is the one for the bakery, which I found by accident: <em>“It is a day.”</em> The
woman behind the counter nodded and put a second roll into the bag. We have never spoken about it
since. Every Saturday there is a second roll.</p>""",
    ),
    (
        "Her coat",
        24,
        "published",
        "default",
        ["Grief", "Family"],
        "It has hung on the hook for eight months. Last week it rained.",
        """<p>It is red, too long for me, and there is a bus ticket in the left pocket. For eight
months it has hung on the hook behind the door – first because nobody could touch it, then because
it had become a sort of person who lives there.</p>
<p>Last week it rained, and mine was wet, and I put hers on without thinking. I was at the corner
before I noticed.</p>
<blockquote><p>I thought it would feel like taking something. It felt like being walked
home.</p></blockquote>
<p>The bus ticket is still in the pocket. I looked at the date, and put it back.</p>""",
    ),
    (
        "Tuesdays at four",
        12,
        "published",
        "default",
        ["Therapy", "Grief"],
        "About a room with two chairs, a plant that is not well, and a silence I was afraid of.",
        """<p>On Tuesdays at four I sit in a room with two chairs and a plant that is not doing
well. I have spent a fair part of my first ten hours of therapy looking at that plant.</p>
<p>I had been afraid of the silence. I imagined it as a kind of examination: somebody waits, and
one has to say the right thing. In the seventh hour I ran out of sentences in the middle of one.
Nothing happened. The heating clicked. She waited with me and not <em>for</em> me, and I had not
known that there was a difference.</p>
<h2>What I took home</h2>
<p>Not an insight, I am sorry to say. I took home that I can stop talking and somebody is still
there. On the way to the tram I bought a small watering can. I do not know how one offers a
watering can to a therapist. It stands in my hall, next to the coat.</p>
<h2>What I was afraid of, and what happened</h2>
<p>Because I am the sort of person I am, I made a table. It was her idea to fill in the right-hand
side only a month later.</p>
<table><thead><tr><th>I was afraid that</th><th>What happened</th></tr></thead>
<tbody><tr><td>I would have nothing to say</td><td>I had nothing to say, and it was the best hour so
far</td></tr>
<tr><td>I would cry</td><td>I cried. The tissues moved two centimetres towards me</td></tr>
<tr><td>She would think I was wasting her time</td><td>I asked. She said: “It is your
time”</td></tr></tbody></table>
<p>She asked me to write down, for bad evenings, what I would tell a friend to do. I keep it on my
phone as <code>evening.txt</code>:</p>
<pre><code>1. Put the kettle on. 2. The light over the stove stays on.</code></pre>
<blockquote><p>One does not get over it. One gets a larger house, and it gets a
room.</p></blockquote>
<p>If you have had a silence like that – in a room, on a walk, on the telephone – I would like to
hear what it was like.</p>""",
    ),
    (
        "A birthday without its person",
        6,
        "published",
        "moderated",
        ["Grief", "Family"],
        "We did not know what to do with the day, so we made soup.",
        """<p>Nora would have been thirty-nine on Thursday. None of us knew what to do with the day.
My father suggested that we ignore it; my aunt suggested a cake; my mother went out to look at the
apple tree and stayed there for an hour.</p>
<p>In the end we made the soup that Nora always made too hot. We made it too hot. My father cried
and said it was the pepper – and it was the pepper <em>as well</em>.</p>
<p>Nobody made a speech. When it got dark somebody switched on the kitchen light, and nobody
switched it off.</p>""",
    ),
    (
        "Things that were quietly kind",
        1,
        "published",
        "default",
        ["Everyday"],
        "A list, kept on the back of an envelope since March.",
        """<p>A list, kept on the back of an envelope since March:</p>
<ul>
<li>The librarian who extended the loan of Nora’s books without asking for a reason.</li>
<li>A colleague who sends a photograph of a different cloud every Monday. No words. ☁️</li>
<li>The child on the third floor who asked, “Is your sister still dead?”, waited for the answer,
and then offered me half a biscuit.</li>
<li>Whoever sweeps the path to the bench.</li>
</ul>
<p>The envelope is full. I have started a second one.</p>""",
    ),
    (
        "The first snow",
        -3,
        "scheduled",
        "default",
        ["Everyday", "Winter"],
        "She used to ring me up when it began to snow.",
        """<p>She used to ring me up when it began to snow, whatever the hour, and say only: “Look
out of the window.” This year I shall have to look by myself. I have written this down beforehand,
so that it is done.</p>""",
    ),
    (
        "A letter I have not sent",
        None,
        "draft",
        "default",
        ["Family"],
        "",
        """<p>Dear N., the watering can is still in the hall. I thought you would want to know.</p>
<p>I do not know yet how this goes on.</p>""",
    ),
]

# title, slug, place in the menu, text
PAGES = [
    (
        "About",
        "about",
        1,
        """<p>I am Alice. I mend books in a library and write here in the evening, about my sister
Nora and about what comes after. I am not an expert in anything but my own kitchen.</p>
<p>People answer each other below the posts. Many of them write under a name that they made up for
it, and that is very welcome. Mia, a friend, reads along and keeps the conversation kind.</p>
<p>All of this is the demonstration content of Hearth. The people in it are invented.</p>""",
    ),
    (
        "Find help",
        "find-help",
        2,
        """<p>This is a place to read and to talk. It is not a place that can help in an emergency:
nobody watches it at night.</p>
<p>If you have your own blog, this page is where you would name the people who are there when
things are dark – the crisis line of your country, the emergency number, a doctor’s practice
nearby. They differ from place to place, and so none is named in the demonstration.</p>""",
    ),
]
