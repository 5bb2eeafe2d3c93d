"""The comments of the demo content, by invented people.

Each is ``(key, answered, hours, writer, status): text``: ``answered`` is the key of the
comment it replies to or None, ``hours`` the time after the post. Writers with an account in the
demo are named by it; all others are guests.
"""

LONG = {
    ("silence", None, 3, "Seagull", "approved"): """\
I read this on the night bus and missed my stop, so thank you for the walk.

My silence was in a car. My brother drove, it was two hours, and neither of us said a word after \
the motorway. When he dropped me off he said, “Good talk.” It was, though. It *was*.""",
    ("good-talk", "silence", 5, "alice", "approved"): """\
“Good talk.” I have been smiling at this for an hour. I am sorry about your stop, and \
glad about your brother.""",
    ("last-drive", "good-talk", 6, "Seagull", "approved"): """\
It was the last long drive we had, as it turned out. I used to be angry that we wasted \
it. I think I am not, any more – as of about twenty minutes ago, on a wet pavement.""",
    ("not-wasted", "last-drive", 8, "alice", "approved"): """\
Then I am going to keep quiet here for a moment, too.

.

.

There.""",
    ("dots", "not-wasted", 9, "Fern", "approved"): """\
The two dots have made me cry in a waiting room. In a good way, if that exists. 🌿""",
    ("it-exists", "dots", 11, "Seagull", "approved"): """\
It exists. I can confirm it from the night bus.""",
    ("waiting-rooms", "it-exists", 12, "alice", "approved"): """\
Night buses and waiting rooms – somebody should put up a plaque for us.""",
    ("motorway", "silence", 14, "Marlow", "approved"): """\
The motorway does it for us as well. My daughter talks only when we both look at the \
road. I have become a person who offers lifts to everywhere.""",
    ("night", None, 16, "nightowl 🌙", "approved"): """\
I am seven months into Tuesdays of my own (mine are Fridays). For the first three I \
brought *notes*. With headings. She never said a word about it; and one day I left them on the \
kitchen table and went anyway. I still don’t know whether I forgot them.""",
    ("headings", "night", 18, "bob", "approved"): """\
Headings! I thought I was the only one. Mine had a section called “Miscellaneous”, and \
that was where everything was.""",
    ("misc", "headings", 19, "nightowl 🌙", "approved"): """\
Miscellaneous is where everything *is*. I may have that embroidered. 🧵""",
    ("plant-misc", "misc", 21, "alice", "approved"): """\
The plant was in my Miscellaneous for ten weeks. Now it has a watering can with its name \
on it, so to speak.""",
    ("move-on", None, 25, "passer-by", "removed"): """\
All this talking. People used to just get on with it, and so should you.""",
    ("not-here", "move-on", 27, "Halde", "approved"): """\
I think many of us got on with it for years. That is how we know what it costs. I wish \
you well all the same.""",
    ("thanks-halde", "not-here", 29, "alice", "approved"): """\
Thank you, Halde. That is said more kindly than I would have managed last night.""",
    ("hebrew", None, 33, "יעל", "approved"): """\
קראתי את זה לאט, פעמיים. אצלנו השתיקה הייתה במטבח, ליד החלון – אמא קילפה תפוז \
וחילקה אותו לשניים.
תודה שכתבת 🍊""",
    ("orange", "hebrew", 36, "alice", "approved"): """\
A friend read this to me, slowly and twice as well. An orange shared at the window: I can \
see it. Thank you, יעל.""",
    ("taken-back", None, 40, "M.", "withdrawn"): """\
I wrote more here than I wanted to. Please do not mind me.""",
    ("for-m", "taken-back", 42, "Ines", "approved"): """\
Whatever you had wanted to say or not to say: you are welcome here, M.""",
    ("telephone", None, 50, "Tomasz", "approved"): """\
On the telephone. My grandmother was ninety-one, and we had run out of news. I could \
hear her clock, and she could hear my kettle. After a while she said – I translate – \
“You make good tea.” She was four hundred kilometres away.""",
    ("clock", "telephone", 55, "mia", "approved"): """\
I moderate here and am supposed to read quickly. I did not read this one quickly.""",
    ("clock-now", "clock", 58, "Tomasz", "approved"): """\
The clock is mine now. It is always four minutes late; nobody is allowed to \
repair it.""",
    ("teapot", None, 80, "old teapot", "approved"): """\
> She waited with me and not *for* me

I have copied this into the notebook where I keep:

- the names of birds I am not sure about
- things that the nurses said
- and now this

– o. t.""",
    ("birds", "teapot", 84, "alice", "approved"): """\
I am honoured to stand between the nurses and the birds.""",
    ("naive", "motorway", 90, "Zoë", "approved"): """\
Late to this – a naïve question from the coöperative of people who do not drive: does \
it also work on trains? (Asking for my mother, c’est-à-dire for me.)""",
    ("deals", None, 95, "Best Offers", "spam"): """\
Watering cans at prices you will not believe: https://watering-cans.example.com/""",
    ("first-words", "night", 150, "Lark", "pending"): """\
I have never written anywhere before. I left my notes at home today because of you.""",
    ("walk", None, 200, "Quiet Harbour", "pending"): """\
Mine was on a walk with a neighbour I hardly know. We stopped at the same gate and looked \
at the same cow. That was all. I think of it often.""",
}

# Content notes: key of the comment, and name of the note.
NOTES = {"last-drive": "grief"}

# Reactions to some of them: key, and how many of each of the first kinds.
SUPPORT = {
    "silence": (3, 1, 2),
    "headings": (1, 0, 2),
    "orange": (0, 2, 0),
    "telephone": (2, 2, 0),
    "scarf": (1, 0, 0),
    "roll": (0, 0, 1),
}

# Comments on other posts: slug of the post, and its comments as above.
SHORT = {
    "her-coat": {
        ("ticket", None, 5, "Fern", "approved"): """\
The bus ticket. I have a shopping list in my father’s writing: milk, nails (small), \
*the good bread*. It is in my wallet where other people keep money.""",
        ("good-bread", "ticket", 9, "alice", "approved"): """\
“The good bread” is a whole person in three words.""",
        ("scarf", None, 30, "Halde", "approved"): """\
With us it is a scarf, and we take turns. There has never been a plan. ❄️""",
    },
    "what-i-say-when-people-ask-how-i-am": {
        ("roll", None, 4, "bob", "approved"): """\
The second roll. I had to put the telephone down for a bit.""",
        ("mine", "roll", 20, "nightowl 🌙", "approved"): """\
My version is “upright”. It is accurate from about nine o’clock on.""",
    },
    "things-that-were-quietly-kind": {
        ("biscuit", None, 2, "Marlow", "approved"): """\
Half a biscuit is the correct answer to nearly everything.""",
    },
}
