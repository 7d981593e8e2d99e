from __future__ import annotations

import struct
import zlib
from typing import NamedTuple

import pytest

from mjspec.sandbox import font, png
from mjspec.sandbox.picture import Picture, render, size_of


class _Decoded(NamedTuple):
    width: int
    height: int
    rows: list[bytes]
    chunks: list[bytes]


def _decode(image: bytes) -> _Decoded:
    assert image[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, packed, at = [], b"", 8
    while at < len(image):
        (length,) = struct.unpack(">I", image[at : at + 4])
        kind, content = image[at + 4 : at + 8], image[at + 8 : at + 8 + length]
        (check,) = struct.unpack(">I", image[at + 8 + length : at + 12 + length])
        assert check == zlib.crc32(kind + content)
        chunks.append(kind)
        packed += content if kind == b"IDAT" else b""
        at += 12 + length
    width, height = struct.unpack(">II", image[16:24])
    pixels = zlib.decompress(packed)
    stride = 1 + 3 * width
    assert len(pixels) == stride * height
    return _Decoded(
        width, height, [pixels[y * stride + 1 : (y + 1) * stride] for y in range(height)], chunks
    )


@pytest.mark.parametrize(
    "prompt, size",
    [
        ("a cat", (512, 512)),
        ("a cat --ar 16:9", (512, 288)),
        ("a cat --ar 2:3", (341, 512)),
        ("a cat --ar 1:1 --ar 2:1", (512, 256)),
        ("a cat --ar 14:1", (512, 96)),
        ("a cat --ar 1:50", (96, 512)),
        ("a cat --ar wide", (512, 512)),
        ("a cat --ar 1:0", (512, 512)),
        ("a cat --ar nan:1", (512, 512)),
        ("a cat --ar inf:1", (512, 96)),
        ("a cat --ar -1:1", (512, 512)),
    ],
)
def test_the_size_follows_the_aspect_ratio(prompt: str, size: tuple[int, int]) -> None:
    assert size_of(prompt, 512) == size


@pytest.mark.parametrize(
    "prompt",
    [
        "a fox in a garden --ar 16:9 --v 7",
        "",
        "--v 7",
        "東京 \ud800 \0 \n tab\t é",
        "word " * 3000,
        "x" * 5000 + " --ar 1:14 --no " + "y" * 5000,
    ],
)
@pytest.mark.parametrize("place", [0, None])
def test_any_prompt_gives_a_sound_png(prompt: str, place: int | None) -> None:
    image = _decode(render(Picture(prompt, place, 0, 256)))
    assert image.chunks == [b"IHDR", b"tEXt", b"tEXt", b"IDAT", b"IEND"]
    assert len(set(image.rows)) > 10


@pytest.mark.parametrize("side", [1, 2, 8, 40])
def test_tiny_pictures_are_drawn_without_their_text(side: int) -> None:
    image = _decode(render(Picture("a long prompt --ar 3:1 --v 7", 0, 0, side)))
    assert (image.width, image.height) == (side, max(1, round(side / 3)))
    assert _decode(render(Picture("a long prompt", None, 0, side))).rows


def test_pictures_repeat_and_differ_by_place_prompt_seed_and_variant() -> None:
    pictures = [
        Picture("a cat --seed 1", 0, 0, 128),
        Picture("a cat --seed 1", 1, 0, 128),
        Picture("a dog --seed 1", 0, 0, 128),
        Picture("a cat --seed 2", 0, 0, 128),
        Picture("a cat", 0, 0, 128),
        Picture("a cat", 0, 1, 128),
    ]
    images = [render(picture) for picture in pictures]
    assert len(set(images)) == len(images)
    assert images == [render.__wrapped__(picture) for picture in pictures]


def test_a_seed_gives_the_same_picture_however_often_the_prompt_came() -> None:
    first, second = (render(Picture("a cat --seed 1", 2, variant, 128)) for variant in (0, 5))
    assert first == second


def test_the_prompt_is_drawn_in_white_on_a_dark_band() -> None:
    image = _decode(render(Picture("HELLO", 0, 0, 512)))
    white = [y for y, row in enumerate(image.rows) if b"\xff\xff\xff\xff\xff\xff" in row]
    low = [y for y in white if y > image.height - 60]
    assert len(low) >= 14
    assert max(image.rows[-1]) < 120


def test_every_printable_character_has_its_own_glyph() -> None:
    drawn = {font.dots(chr(code)) for code in range(32, 127)}
    assert len(drawn) == 95
    assert font.dots("é") == font.dots("京") not in drawn


def test_long_texts_are_wrapped_and_cut_with_dots() -> None:
    assert font.wrap("one two three", 7, 3) == ["one two", "three"]
    assert font.wrap("abcdefghij", 4, 5) == ["abcd", "efgh", "ij"]
    assert font.wrap("one two three four", 5, 2) == ["one", "tw..."]
    assert font.wrap("", 5, 2) == []


def test_texts_in_a_png_are_kept_in_one_piece() -> None:
    image = png.encode([b"\0\0\0"], Comment="a\0b 京")
    assert b"Comment\0a b ?" in image
