"""Grading, slates and contact sheets."""

from __future__ import annotations

import numpy as np
import OpenImageIO as oiio  # noqa: N813  the name by which everybody knows it
import pytest

from pipl_pipe import PipelineError, type_named
from sample_comp import CompProduct, CompTask
from sample_comp.contact_sheet import BACKGROUND, HEADER, LABEL, MARGIN, PADDING, Row, make_sheet
from sample_comp.frames import comp_frames, numbered_files, read_pixels
from sample_comp.grading import Grade, linear_to_srgb
from sample_comp.lettering import BOLD, REGULAR, draw_text
from sample_comp.slate import Slate

SLATE = Slate("Sample Show", "sq010", "sh010", "comp", "1.0.0")


def write_exr(path, value, size=(256, 144)):
    path.parent.mkdir(exist_ok=True)
    pixels = np.full((size[1], size[0], 3), value, dtype=np.float32)
    assert oiio.ImageBuf(pixels).write(str(path))


def comp(folder, out, grade):
    out.mkdir()
    comp_frames(folder, grade, SLATE, out, "sh010_comp_png.frames")
    return sorted(out.iterdir())


def test_the_types_are_installed():
    assert type_named("task", "comp") is CompTask
    assert type_named("product", "comp") is CompProduct


def test_the_srgb_curve_is_that_of_the_standard():
    values = linear_to_srgb(np.array([0.0, 0.001, 0.0031308, 0.18, 0.5, 1.0]))
    assert values == pytest.approx([0.0, 0.01292, 0.04045, 0.46136, 0.73536, 1.0], abs=1e-5)


def test_exposure_is_in_stops_and_nothing_leaves_the_display():
    grade = Grade(exposure=1.0, display="linear")
    assert grade.apply(np.array([-1.0, 0.1, 0.25, 0.8])).tolist() == pytest.approx([0, 0.2, 0.5, 1])


def test_gamma_lifts_the_middle():
    grade = Grade(gamma=2.0, display="linear")
    assert grade.apply(np.array([0.0, 0.25, 1.0])).tolist() == pytest.approx([0, 0.5, 1])


@pytest.mark.parametrize(
    "change", [{"gamma": 0}, {"display": "TV"}, {"exposure": "more"}, {"exposure": None}]
)
def test_a_grade_that_makes_no_sense_is_refused(change):
    assert Grade.from_json(Grade().to_json()) == Grade()
    with pytest.raises(PipelineError, match="settings of the comp"):
        Grade.from_json({**Grade().to_json(), **change})


def test_frames_are_graded_and_keep_their_numbers(tmp_path):
    write_exr(tmp_path / "exr" / "a.beauty.1013.exr", 0.5)
    write_exr(tmp_path / "exr" / "a.beauty.1001.exr", 0.18)
    files = comp(tmp_path / "exr", tmp_path / "png", Grade(slate=False))
    assert [file.name for file in files] == [
        "sh010_comp_png.frames.1001.png",
        "sh010_comp_png.frames.1013.png",
    ]
    assert [number for number, _ in numbered_files(tmp_path / "png")] == [1001, 1013]
    for file, expected in zip(files, (118, 188)):
        assert np.all(oiio.ImageBuf(str(file)).get_pixels(oiio.UINT8) == expected)


def test_the_slate_is_at_the_lower_edge_and_says_the_frame(tmp_path):
    for frame in (1001, 1002):
        write_exr(tmp_path / "exr" / f"a.{frame}.exr", 0.5)
    files = comp(tmp_path / "exr", tmp_path / "png", Grade())
    first, second = (oiio.ImageBuf(str(file)).get_pixels(oiio.UINT8) for file in files)
    assert np.all(first[:128] == 188)
    strip = first[128:]
    assert np.median(strip) == round(188 * 0.28)
    assert strip.max() > 180, "there are letters"
    changed = np.argwhere((first != second).any(axis=2))
    assert len(changed)
    assert changed[:, 0].min() >= 128
    assert changed[:, 1].min() > 224, "only the number at the right edge"


def test_a_tiny_frame_has_a_slate_too(tmp_path):
    write_exr(tmp_path / "exr" / "a.1001.exr", 0.5, (32, 18))
    (file,) = comp(tmp_path / "exr", tmp_path / "png", Grade())
    assert oiio.ImageBuf(str(file)).spec().height == 18


def test_two_comps_have_the_same_bytes(tmp_path):
    write_exr(tmp_path / "exr" / "a.1001.exr", 0.5)
    (one,) = comp(tmp_path / "exr", tmp_path / "one", Grade())
    (two,) = comp(tmp_path / "exr", tmp_path / "two", Grade())
    assert one.read_bytes() == two.read_bytes()


def test_the_fonts_come_with_openimageio():
    fonts = oiio.get_string_attribute("font_list").split(";")
    assert {REGULAR, BOLD} <= set(fonts)


def test_a_font_that_is_not_there_is_an_error():
    image = oiio.ImageBuf(np.zeros((20, 80, 3), dtype=np.float32))
    with pytest.raises(PipelineError, match="could not be drawn"):
        draw_text(image, "a", (0, 10), 10, (1, 1, 1), font="NoSuchFont")


def test_a_damaged_frame_is_an_error(tmp_path):
    (tmp_path / "a.1001.exr").write_bytes(b"no image")
    with pytest.raises(PipelineError, match=r"a\.1001\.exr cannot be read"):
        read_pixels(tmp_path / "a.1001.exr")


def test_the_sheet_shows_the_frames(tmp_path):
    for frame, value in ((1001, 0.1), (1025, 0.4), (1048, 0.9)):
        write_exr(tmp_path / "exr" / f"a.{frame}.exr", value)
    files = comp(tmp_path / "exr", tmp_path / "png", Grade(slate=False))
    images = list(zip((1001, 1025, 1048), files))
    rows = [Row("sq010", shot, "1.2.0", "1001-1048", images) for shot in ("sh010", "sh020")]
    pixels = make_sheet("Sample Show", rows).get_pixels(oiio.FLOAT)
    height, width, channels = pixels.shape
    assert (height, width, channels) == (104 + 2 * 244 + 10 + 36, 72 + 148 + 3 * 384 + 20 + 28, 3)
    assert pixels[0, 0] == pytest.approx(BACKGROUND)
    for row in range(2):
        for column, value in enumerate((0.1, 0.4, 0.9)):
            y = HEADER + row * 254 + PADDING + 100
            x = MARGIN + PADDING + LABEL + column * 394 + 190
            assert pixels[y, x] == pytest.approx(linear_to_srgb(np.full(3, value)), abs=0.003)
    assert pixels[:HEADER].max() > 0.9, "the name of the show"


def test_a_sheet_of_nothing_is_refused():
    with pytest.raises(PipelineError, match="No comp is installed"):
        make_sheet("Sample Show", [])
