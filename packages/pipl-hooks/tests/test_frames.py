from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipl_hooks import FormatError, Frames, NumberedFiles, numbered_files

numbers = st.lists(st.integers(-2000, 100_000), min_size=1, max_size=40, unique=True)
near = st.lists(st.integers(-20, 40), min_size=1, max_size=40, unique=True)
frames = st.builds(
    lambda found, width: Frames(tuple(sorted(found)), width), numbers | near, st.integers(1, 9)
)
MIXED = "Write all frames with the same number of digits."


class TestFrames:
    @pytest.mark.parametrize(
        ("found", "width", "text"),
        [
            (range(1001, 1011), 4, "1001-1010#"),
            ([1, 3, 5, 7, 9], 1, "1-9x2@"),
            ([1, 2, 4, 6, 8, 9], 3, "1-2,4-8x2,9@@@"),
            ([1, 3], 1, "1,3@"),
            ([5], 2, "5@@"),
            (range(-5, -2), 8, "-5--3##"),
            ([-5, 0, 5], 1, "-5-5x5@"),
        ],
    )
    def test_are_written_as_fileseq_writes_them(self, found, width, text):
        assert str(Frames(tuple(found), width)) == text
        assert Frames.parse(text) == Frames(tuple(found), width)

    @given(frames)
    def test_are_read_as_they_were_written(self, found):
        assert Frames.parse(str(found)) == found

    @given(frames)
    def test_are_the_same_to_fileseq(self, found):
        fileseq = pytest.importorskip("fileseq")
        written = str(found).rstrip("#@")
        assert written == fileseq.framesToFrameRange(found.numbers)
        assert tuple(fileseq.FrameSet(written)) == found.numbers

    @pytest.mark.parametrize(
        ("found", "missing"),
        [
            ([1001, 1002, 1003], ""),
            ([1], ""),
            ([1, 13, 25], ""),
            ([1, 2, 3, 7], "4-6"),
            ([1, 2, 4, 8, 9], "3,5-7"),
            ([1, 13, 25, 61], "37,49"),
            ([1, 13, 25, 85], "37-73x12"),
            ([-3, -2, 1], "-1-0"),
            ([0, 1, 10**15], "2-999999999999999"),
        ],
    )
    def test_tell_what_is_missing_between_them(self, found, missing):
        assert Frames(tuple(found), 4).missing == missing

    @given(near)
    def test_and_those_that_are_missing_make_a_whole(self, found):
        some = Frames(tuple(sorted(found)), 1)
        lacking = Frames.parse(some.missing + "@").numbers if some.missing else ()
        assert not set(lacking) & set(some)
        assert Frames(tuple(sorted({*some, *lacking})), 1).missing == ""

    def test_can_be_counted_and_written_singly(self):
        found = Frames((-5, 7, 12345), 4)
        assert (len(found), list(found)) == (3, [-5, 7, 12345])
        assert [found.text(number) for number in found] == ["-005", "0007", "12345"]

    @pytest.mark.parametrize(
        "text",
        [
            *("", "#", "1-5", "a#", "5-1#", "1-5x0#", "1-9y2#", "1,,2#", "1-5#@", "#1", "1 -5#"),
            *("1-2000000#", "1-1000000,2000001-3000000#", "9" * 5000 + "#", "\u0661#"),
        ],
    )
    def test_that_are_none_are_a_format_error(self, text):
        with pytest.raises(FormatError) as error:
            Frames.parse(text)
        assert error.value.message == f"{text!r:.200} names no frames."
        assert error.value.hint == "Write them as fileseq does: 1001-1010#, or 1-9x2@@@."

    @given(st.text() | st.text("0123456789-x,#@"))
    def test_in_arbitrary_text_are_read_or_a_format_error(self, text):
        try:
            found = Frames.parse(text)
        except FormatError:
            return
        assert Frames.parse(str(found)) == found


class TestNumberedFiles:
    @pytest.mark.parametrize(
        ("names", "text"),
        [
            (["a.1002.exr", "a.1001.exr"], "a.1001-1002#.exr"),
            (["v002.exr", "v010.exr"], "v2,10@@@.exr"),
            (["9.tar.gz", "10.tar.gz"], "9-10@.tar.gz"),
            (["a.-01.exr", "a.000.exr", "a.100.exr"], "a.-1-0,100@@@.exr"),
            (["sh010_beauty.0001.mp4"], "sh010_beauty.1#.mp4"),
            (["1001", "1002"], "1001-1002#"),
        ],
    )
    def test_are_written_as_fileseq_writes_them(self, names, text):
        found = numbered_files(names)
        assert str(found) == text
        assert sorted(map(found.name, found.frames)) == sorted(names)

    @given(
        frames, st.sampled_from(["a.", "sh_v2.", "", "käse "]), st.sampled_from([".exr", ".tar.gz"])
    )
    def test_are_the_same_to_fileseq(self, found, base, suffix):
        fileseq = pytest.importorskip("fileseq")
        made = NumberedFiles(base, found, suffix)
        # A number that is never shorter than its padding does not tell how wide that is.
        names = [made.name(number) for number in found]
        (sequence,) = fileseq.FileSequence.findSequencesInList(names)
        assert str(numbered_files(names)) == str(sequence)
        assert numbered_files(names).frames.numbers == found.numbers

    def error(self, names):
        with pytest.raises(FormatError) as error:
            numbered_files(names)
        assert error.value.message == "These files are not one sequence."
        return error.value.context, error.value.hint

    @pytest.mark.parametrize(
        ("names", "one", "other"),
        [
            (["a.1.exr", "a.02.exr"], "a.1.exr", "a.02.exr"),
            (["a.1.exr", "a.0001.exr"], "a.0001.exr", "a.1.exr"),
            (["a.0999.exr", "a.1000.exr", "a.01001.exr"], "a.0999.exr", "a.01001.exr"),
            (["a.-05.exr", "a.0005.exr"], "a.-05.exr", "a.0005.exr"),
        ],
    )
    def test_of_several_paddings_are_an_error(self, names, one, other):
        context = f"{one!r} and {other!r} pad the frame differently."
        assert self.error(names) == (context, MIXED)

    def test_of_several_sequences_are_an_error(self):
        hint = "Give each sequence an Asset of its own, or use an Asset of the shape folder."
        assert self.error(["a.1.exr", "b.1.exr"]) == (
            "'a.1.exr' and 'b.1.exr' differ in more than the frame.",
            hint,
        )

    @pytest.mark.parametrize("name", ["notes.txt", "", ".DS_Store", "left/a.1001.exr"])
    def test_that_have_no_frame_are_an_error(self, name):
        hint = "Name each <name>.<frame>.<suffix>, and put nothing beside them."
        assert self.error([name]) == (f"{name!r} has no frame.", hint)

    def test_that_do_not_exist_are_an_error(self):
        assert self.error([]) == ("There are no files.", None)

    @given(st.lists(st.text(max_size=12) | st.from_regex(r"\Aa?\.?-?[0-9]{1,3}\.e\Z"), max_size=4))
    def test_are_read_or_refused(self, names):
        try:
            found = numbered_files(names)
        except FormatError:
            return
        assert {found.name(number) for number in found.frames} == set(names)
