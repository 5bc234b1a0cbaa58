"""Ed25519 signatures checked with the standard library alone, as RFC 8032 says; for checking, never for signing."""

from hashlib import sha512

P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D, ROOT = -121665 * pow(121666, -1, P) % P, pow(2, (P - 1) // 4, P)


def _point(raw):
    """The point that 32 bytes stand for, in extended coordinates; None where they stand for none."""
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if (x * x - square) % P == 0 else x * ROOT % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x % 2 != sign else x
    return x, y, 1, x * y % P


def _add(one, two):
    a, b = (one[1] - one[0]) * (two[1] - two[0]), (one[1] + one[0]) * (two[1] + two[0])
    c, d = 2 * one[3] * two[3] * D, 2 * one[2] * two[2]
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(number, base):
    total = (0, 1, 1, 0)
    while number:
        total = _add(total, base) if number & 1 else total
        base, number = _add(base, base), number >> 1
    return total


BASE = _point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def verify(public_key, message, signature):
    """True where the owner of the key (32 bytes) signed exactly this message."""
    if len(public_key) != 32 or len(signature) != 64:
        return False
    key, shown, answer = _point(public_key), _point(signature[:32]), int.from_bytes(signature[32:], "little")
    if key is None or shown is None or answer >= ORDER:
        return False
    asked = int.from_bytes(sha512(signature[:32] + public_key + message).digest(), "little") % ORDER
    left, right = _times(answer, BASE), _add(shown, _times(asked, key))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 == (left[1] * right[2] - right[1] * left[2]) % P
