"""Bodies are read within a deadline and a bound, whole or not at all."""

import asyncio

import pytest

from config.server import bodies
from config.server.bodies import Bodies, BodyError
from tests.config.server.loops import run_alone


async def sent(*chunks, then=None):
    for chunk in chunks:
        yield chunk
    if then is not None:
        await then.wait()


def read(length, *chunks, **options):
    async def story():
        file, read = await Bodies().read(sent(*chunks), length, "a network", **options)
        with file:
            return file.read(), read

    return run_alone(story())


def refusal(length, *chunks, **options):
    with pytest.raises(BodyError) as refused:
        read(length, *chunks, **options)
    return refused.value.status


def test_a_body_in_pieces_is_one_file():
    assert read(10, b"by the", b"", b" sea") == (b"by the sea", 10)


def test_a_long_body_is_whole():
    chunk = b"x" * 100_000
    assert read(1_000_000, *[chunk] * 10) == (chunk * 10, 1_000_000)


def test_half_of_somebodys_words_is_not_taken_for_all():
    assert refusal(10, b"by the") == 400
    assert refusal(10) == 400


def test_more_than_was_said_is_refused():
    assert refusal(3, b"four") == 413


def test_a_body_of_unknown_length_has_a_bound():
    assert read(10, b"short", exact=False) == (b"short", 5)
    assert refusal(10, b"x" * 6, b"x" * 6, exact=False) == 413


@pytest.mark.parametrize("chunks", [[], [b"a"], [b"a"] * 5])
def test_who_sends_too_slowly_is_told_so(monkeypatch, chunks):
    monkeypatch.setattr(bodies, "SECONDS", 0.01)

    async def story():
        never = asyncio.Event()
        with pytest.raises(BodyError) as refused:
            await Bodies().read(sent(*chunks, then=never), 10, "a network")
        return refused.value.status

    assert run_alone(story()) == 408


async def arriving(these, count, length=10, network=None):
    """Begin ``count`` bodies that never end; return their tasks."""
    never = asyncio.Event()
    tasks = [
        asyncio.ensure_future(these.read(sent(then=never), length, network or f"network {number}"))
        for number in range(count)
    ]
    await asyncio.sleep(0)
    return tasks


async def end(tasks):
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)


SHORT, LONG = 4, 32 * 1024 * 1024


@pytest.mark.parametrize(
    ("silent", "refused", "welcome"),
    [
        ({"count": 32, "network": "loud"}, ("loud", SHORT), ("quiet", SHORT)),
        ({"count": 512}, ("another", SHORT), None),
        ({"count": 2, "length": LONG, "network": "loud"}, ("loud", 200_000), ("quiet", 200_000)),
        ({"count": 2, "length": LONG, "network": "loud"}, ("loud", 200_000), ("loud", SHORT)),
        ({"count": 8, "length": LONG}, ("another", 200_000), ("another", SHORT)),
    ],
)
def test_what_arrives_at_once_has_a_bound_and_makes_room_again(silent, refused, welcome):
    async def story():
        these = Bodies()

        async def send(network, length):
            return (await these.read(sent(b"x" * length), length, network))[1]

        tasks = await arriving(these, **silent)
        with pytest.raises(BodyError) as busy:
            await send(*refused)
        assert busy.value.status == 503
        if welcome:
            assert await send(*welcome) == welcome[1]
        await end(tasks)
        return await send(*refused)

    assert run_alone(story()) == refused[1]


def discarded(chunks, monkeypatch, most=10):
    monkeypatch.setattr(bodies, "THROWN_AWAY", most)
    monkeypatch.setattr(bodies, "PAUSE", 0.01)
    taken = []

    async def story():
        async def counted():
            async for chunk in chunks():
                taken.append(chunk)
                yield chunk

        await Bodies().discard(counted(), "a network")

    run_alone(story())
    return taken


def test_a_refused_body_is_taken_to_its_end(monkeypatch):
    assert discarded(lambda: sent(b"by", b"the", b"sea"), monkeypatch) == [b"by", b"the", b"sea"]


def test_of_a_refused_body_without_end_only_a_part_is_taken(monkeypatch):
    assert len(discarded(lambda: sent(*[b"by the sea"] * 50), monkeypatch, most=25)) == 3


def test_nobody_waits_for_a_refused_body_that_does_not_come(monkeypatch):
    assert discarded(lambda: sent(b"by", then=asyncio.Event()), monkeypatch) == [b"by"]
