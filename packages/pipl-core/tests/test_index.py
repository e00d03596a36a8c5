"""The client of devpi's JSON API, against a real server."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime

import pytest

from pipl_core import AccessError, ConflictError, CoreError, NotFoundError, ServerError
from pipl_core.building import build_wheel
from pipl_core.credentials import client_with_password, log_in
from pipl_core.index import IndexClient, Release
from pipl_core.project import free_port

pytestmark = [pytest.mark.needs_tools, pytest.mark.slow]


@pytest.fixture
def wheel(throw_away_packl, tmp_path, unique):
    """A function that builds a wheel of the same name and version with some content."""
    name = unique("wheel")

    def build(content="1"):
        files = {f"src/{name}/__init__.py": f'"""{content}."""\n'}
        packl = throw_away_packl(tmp_path / content, name, files=files)
        return build_wheel(packl.folder, tmp_path / content / "dist")

    return build


class TestUpload:
    def test_makes_a_release(self, ci, wheel):
        built = wheel()
        ci.upload("root/checked", built.path, built.metadata)
        release = ci.release("root/checked", built.name, "0.1.0")
        assert release == Release(
            "root/checked",
            built.name,
            "0.1.0",
            f"{built.name}-0.1.0-py3-none-any.whl",
            release.path,
            built.digest,
        )
        assert release.path.startswith("root/checked/+f/")
        assert built.name.replace("_", "-") in ci.packls("root/checked")

    @pytest.mark.parametrize("index", ["root/PROJ", "root/submitted"])
    def test_of_the_same_content_again_is_fine(self, ci, wheel, index):
        built = wheel()
        ci.upload(index, built.path, built.metadata)
        ci.upload(index, built.path, built.metadata)
        assert len(ci.releases(index, built.name)) == 1

    def test_of_other_content_under_a_released_version_is_a_conflict(self, ci, wheel):
        first, second = wheel("1"), wheel("2")
        ci.upload("root/PROJ", first.path, first.metadata)
        with pytest.raises(ConflictError) as error:
            ci.upload("root/PROJ", second.path, second.metadata)
        assert error.value.message == (
            f"{first.name} 0.1.0 is in root/PROJ already, with other content."
        )
        assert ci.release("root/PROJ", first.name, "0.1.0").digest == first.digest

    def test_is_for_those_who_may(self, artist, wheel):
        built = wheel()
        for index in ("root/PROJ", "root/checked"):
            with pytest.raises(AccessError) as error:
                artist.upload(index, built.path, built.metadata)
            assert error.value.message == "The server refused this to artist."
        artist.upload("root/submitted", built.path, built.metadata)

    def test_to_an_unknown_index_is_an_error(self, ci, wheel):
        built = wheel()
        with pytest.raises(NotFoundError):
            ci.upload("root/nowhere", built.path, built.metadata)


class TestPush:
    def test_twice_is_fine(self, ci, artist, wheel):
        built = wheel()
        artist.upload("root/submitted", built.path, built.metadata)
        ci.push("root/submitted", built.name, "0.1.0", "root/checked")
        ci.push("root/submitted", built.name, "0.1.0", "root/checked")
        ci.push("root/checked", built.name, "0.1.0", "root/PROJ")
        ci.push("root/checked", built.name, "0.1.0", "root/PROJ")
        assert ci.release("root/PROJ", built.name, "0.1.0").digest == built.digest

    def test_of_other_content_is_a_conflict(self, ci, artist, wheel):
        first, second = wheel("1"), wheel("2")
        ci.upload("root/PROJ", first.path, first.metadata)
        artist.upload("root/submitted", second.path, second.metadata)
        with pytest.raises(ConflictError) as error:
            ci.push("root/submitted", first.name, "0.1.0", "root/PROJ")
        assert error.value.message == (
            f"{first.name} 0.1.0 is in root/PROJ already, with other content."
        )

    def test_of_what_is_not_there_is_an_error(self, ci):
        with pytest.raises(CoreError):
            ci.push("root/submitted", "nothing-at-all", "1.0", "root/checked")


class TestDownload:
    def test_gives_the_same_bytes(self, ci, wheel, tmp_path):
        built = wheel()
        ci.upload("root/checked", built.path, built.metadata)
        release = ci.release("root/checked", built.name, "0.1.0")
        target = ci.download(release.path, tmp_path / "copy.whl", release.digest)
        assert target.read_bytes() == built.path.read_bytes()

    def test_of_other_bytes_than_announced_is_an_error(self, ci, wheel, tmp_path):
        built = wheel()
        ci.upload("root/checked", built.path, built.metadata)
        release = ci.release("root/checked", built.name, "0.1.0")
        with pytest.raises(ServerError) as error:
            ci.download(release.path, tmp_path / "copy.whl", "sha256:" + "0" * 64)
        assert error.value.message == (
            f"The server sent other bytes for {release.path} than it announced."
        )
        assert not (tmp_path / "copy.whl").exists()


class TestSimple:
    def test_tells_time_size_and_yanks(self, ci, artist, wheel):
        built = wheel()
        before = datetime.now(UTC).replace(microsecond=0)
        ci.upload("root/PROJ", built.path, built.metadata)
        page = artist.simple("root/PROJ", built.name)
        (file,) = page["files"]
        time = datetime.fromisoformat(file.pop("upload-time"))
        assert before <= time <= datetime.now(UTC)
        assert file == {
            "filename": built.path.name,
            "url": file["url"],
            "hashes": {"sha256": built.digest.partition(":")[2]},
            "core-metadata": True,
            "requires-python": ">=3.9",
            "size": built.path.stat().st_size,
        }
        assert (page["name"], page["versions"]) == (built.name.replace("_", "-"), ["0.1.0"])
        assert page["meta"] == {"api-version": "1.1"}

    def test_of_an_unknown_packl_is_an_error(self, artist):
        with pytest.raises(NotFoundError):
            artist.simple("root/submitted", "no-such-packl")


class TestYank:
    def test_is_told_and_taken_back(self, ci, wheel):
        built = wheel()
        ci.upload("root/PROJ", built.path, built.metadata)
        for changed in (True, False):
            assert ci.yank("root/PROJ", built.name, "0.1.0", "the neck is broken") is changed
        (file,) = ci.simple("root/PROJ", built.name)["files"]
        assert file["yanked"] == "the neck is broken"
        for changed in (True, False):
            assert ci.unyank("root/PROJ", built.name, "0.1.0") is changed
        (file,) = ci.simple("root/PROJ", built.name)["files"]
        assert "yanked" not in file

    def test_is_for_those_who_may_upload(self, ci, artist, wheel, running_project):
        built = wheel()
        ci.upload("root/PROJ", built.path, built.metadata)
        for client in (artist, IndexClient(running_project.address)):
            with pytest.raises(AccessError) as error:
                client.yank("root/PROJ", built.name, "0.1.0", "no")
            assert error.value.context == (
                f"{client.user or 'anonymous'} may not upload to root/PROJ, so not yank there"
            )
        assert "yanked" not in ci.simple("root/PROJ", built.name)["files"][0]

    def test_of_what_is_not_there_is_an_error(self, ci):
        with pytest.raises(NotFoundError) as error:
            ci.yank("root/PROJ", "no-such-packl", "1.0", "no")
        assert error.value.context == "there is no release no-such-packl 1.0 in root/PROJ"


class TestAsking:
    def test_for_an_unknown_index_is_an_error(self, artist):
        with pytest.raises(NotFoundError) as error:
            artist.index("root/nowhere")
        assert error.value.message == "The server does not have that."

    def test_for_an_unknown_packl_gives_nothing(self, artist):
        assert artist.releases("root/PROJ", "no-such-packl") == []
        assert artist.release("root/PROJ", "no-such-packl", "1.0") is None

    def test_lists_indexes_as_they_were_set_up(self, artist):
        found = {index.name: index for index in artist.indexes()}
        assert sorted(found) == ["root/PROJ", "root/checked", "root/pypi", "root/submitted"]
        released, submitted = found["root/PROJ"], found["root/submitted"]
        assert (released.volatile, released.bases) == (False, ("root/pypi",))
        assert released.acl_upload == ("root", "ci")
        assert (submitted.volatile, submitted.bases) == (True, ("root/PROJ",))
        assert submitted.acl_upload == (":AUTHENTICATED:",)
        assert found["root/checked"].acl_upload == ("ci",)
        assert found["root/pypi"].type == "mirror"

    def test_tells_as_whom_the_server_sees_us(self, artist, ci, running_project):
        assert artist.authenticated_user() == "artist"
        assert ci.authenticated_user() == "ci"
        assert IndexClient(running_project.address).authenticated_user() is None
        assert IndexClient(running_project.address, "ci", "no-token").authenticated_user() is None

    def test_tells_the_server_s_identity(self, artist):
        assert set(artist.status()) >= {"server", "last_event"}


class TestLogin:
    def test_with_a_wrong_password_is_an_error(self, running_project):
        with pytest.raises(AccessError) as error:
            client_with_password(running_project, "artist", "wrong")
        assert error.value.message == (
            "The server does not accept this password for the user 'artist'."
        )
        assert "wrong" not in str(error.value)

    def test_of_an_unknown_user_is_an_error(self, running_project):
        with pytest.raises(AccessError):
            log_in(running_project, "nobody", "secret")
        with contextlib.closing(running_project.client()) as client:
            assert client.user == "artist"

    def test_as_a_user_whose_password_is_not_kept_is_an_error(self, running_project):
        with pytest.raises(AccessError) as error:
            running_project.client("bob")
        assert error.value.message == ("The project keeps no password for 'bob' that you may read.")

    def test_from_the_environment_comes_first(self, running_project, monkeypatch):
        password = (running_project.system / "secrets" / "ci").read_text().strip()
        monkeypatch.setenv("PIPL_USER", "ci")
        monkeypatch.setenv("PIPL_PASSWORD", password)
        with contextlib.closing(running_project.client()) as client:
            assert client.user == "ci"


class TestNoServer:
    def test_is_an_error_that_says_how_to_start_it(self):
        address = f"http://127.0.0.1:{free_port(0)}"
        client = IndexClient(address)
        assert client.answers() is False
        with pytest.raises(ServerError) as error:
            client.users()
        assert error.value.message == f"No server answers at {address}."
        assert error.value.hint == "Start it: `pipl proj start`, or `pipl proj start --detach`."
