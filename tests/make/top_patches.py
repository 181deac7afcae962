"""The patches that excite each channel of a layer most, in the form that the kit's check-results.mjs reads."""


def top_patches(maps, paths, candidates):
    """`maps` is `[images, rows, columns, channels]`, `paths` names the images. Equal activations go by path.

    Returns a list with an entry for each channel; its `top` holds at most one unit of an image, the first of equal ones.
    """
    n, h, w, c = maps.shape
    flat = maps.reshape(n, h * w, c)
    maxima, places = flat.max(axis=1), flat.argmax(axis=1)
    channels = []
    for channel in range(c):
        order = sorted(range(n), key=lambda i: (-maxima[i, channel], paths[i]))[:candidates]
        channels.append(
            {
                "channel": channel,
                "max": float(maxima[:, channel].max()),
                "min_of_max": float(maxima[:, channel].min()),
                "top": [
                    {
                        "image": paths[i],
                        "activation": float(maxima[i, channel]),
                        "unit": [int(places[i, channel]) // w, int(places[i, channel]) % w],
                    }
                    for i in order
                ],
            }
        )
    return channels
