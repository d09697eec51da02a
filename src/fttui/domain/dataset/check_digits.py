"""Numbers that carry check digits, or shapes that were never given out: which can be real."""

from __future__ import annotations


def is_card(number: str) -> bool:
    """The check digit of card numbers, ISO/IEC 7812-1."""
    digits = [int(sign) for sign in number if sign.isdigit()]
    doubled = [digit if place % 2 == 0 else digit * 2 - 9 * (digit > 4) for place, digit in enumerate(digits[::-1])]
    return sum(doubled) % 10 == 0 and len(set(digits)) > 1


def is_resident(number: str) -> bool:
    """The check digit and the birthday of Chinese resident numbers, GB 11643-1999."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    rest = sum(int(digit) * weight for digit, weight in zip(number[:17], weights, strict=True)) % 11
    born = 1900 <= int(number[6:10]) <= 2100 and 1 <= int(number[10:12]) <= 12 and 1 <= int(number[12:14]) <= 31
    return born and "10X98765432"[rest] == number[17].upper()


def is_social(number: str) -> bool:
    """Areas and groups that the United States never gave out."""
    area, group, serial = number.split("-")
    return area not in ("000", "666") and area < "900" and group != "00" and serial != "0000"


def is_taxpayer(number: str) -> bool:
    """Both check digits of Brazilian taxpayers' numbers, CPF."""
    digits = [int(sign) for sign in number if sign.isdigit()]
    for length in (9, 10):
        rest = sum(digit * (length + 1 - place) for place, digit in enumerate(digits[:length])) * 10 % 11 % 10
        if rest != digits[length]:
            return False
    return len(set(digits)) > 1


def is_taiwanese(number: str) -> bool:
    """The check digit of Taiwan's national and residents' numbers; the letter stands for a place."""
    place = "ABCDEFGHJKLMNPQRSTUVXYWZIO".index(number[0]) + 10
    weights = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)
    digits = (place // 10, place % 10, *map(int, number[1:]))
    return sum(digit * weight for digit, weight in zip(digits, weights, strict=True)) % 10 == 0


def is_aadhaar(number: str) -> bool:
    """The check digit of India's Aadhaar numbers, after J. Verhoeff, "Error detecting decimal codes", 1969."""
    check = 0
    for place, sign in enumerate(reversed(number.replace(" ", ""))):
        digit = int(sign)
        for _ in range(place % 8):
            digit = _VERHOEFF_ORDER[digit]
        check = _turned(check, digit)
    return check == 0


_VERHOEFF_ORDER = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)


def _turned(first: int, second: int) -> int:
    """Two turns of a pentagon one after the other; from five on they turn it over as well."""
    if first < 5:
        return (first + second) % 5 + 5 * (second >= 5)
    return (first - second) % 5 + 5 * (second < 5)


def is_iban(number: str) -> bool:
    """The check digits of international account numbers, ISO 13616."""
    plain = number.replace(" ", "")
    if not 15 <= len(plain) <= 34:
        return False
    return int("".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])) % 97 == 1
