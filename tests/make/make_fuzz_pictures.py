"""Makes small pictures of all formats for the fuzzer to change, with Pillow: python3 tests/make/make_fuzz_pictures.py"""

from pathlib import Path

from PIL import Image, features

out = Path(__file__).parent.parent / "fixtures/fuzz/pictures"
out.mkdir(parents=True, exist_ok=True)

picture = Image.new("RGB", (9, 7))
picture.putdata([(x * 28, y * 36, (x * y * 5) % 256) for y in range(7) for x in range(9)])
exif = Image.Exif()
exif[0x112] = 6


def save(name: str, image: Image.Image = picture, **options: object) -> None:
    image.save(out / name, **options)


for name, compression in [("none", None), ("lzw", "tiff_lzw"), ("deflate", "tiff_adobe_deflate"), ("packbits", "packbits")]:
    save(f"{name}.tif", compression=compression)
save("grey.tif", picture.convert("L"), compression="tiff_lzw")
save("palette.tif", picture.convert("P"))
save("bits.tif", picture.convert("1"))
save("cmyk.tif", picture.convert("CMYK"), compression="tiff_adobe_deflate")
save("alpha.tif", picture.convert("RGBA"))
save("colour.jpg", quality=70, exif=exif)
save("grey.jpg", picture.convert("L"), progressive=True)
save("colour.png", exif=exif)
save("palette.png", picture.convert("P"))
save("alpha.png", picture.convert("RGBA"))
save("animated.png", save_all=True, append_images=[picture.rotate(180)])
save("lossy.webp", quality=60, exif=exif)
save("lossless.webp", lossless=True)
save("colour.gif")
save("colour.bmp")
save("two.ico", picture.resize((32, 32)), sizes=[(16, 16), (32, 32)])
if features.check("avif"):
    save("colour.avif", exif=exif)
