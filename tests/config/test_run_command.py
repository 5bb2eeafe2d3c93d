"""`manage.py run`: a first look at Hearth, which refuses to run in production."""

import socket


def test_a_taken_port_is_one_clear_sentence(hearth):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = hearth("manage.py", "run", PORT=port)
    assert done.returncode == 1
    assert done.stderr == (
        f"CommandError: Port {port} is already in use on this machine. "
        "Try another: make run PORT=8001\n"
    )


def test_the_command_refuses_to_run_in_production(hearth, tmp_path):
    done = hearth("manage.py", "run", DEBUG="off", SITE_URL="http://localhost")
    assert done.returncode == 1
    assert "it needs DEBUG=on" in done.stderr
    assert not (tmp_path / "hearth.sqlite3").exists()
