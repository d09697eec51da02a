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


def is_spanish(number: str) -> bool:
    """The letter of Spanish identity numbers, DNI, and of foreigners', NIE: Ministerio del Interior, modulo 23."""
    plain = number.replace("-", "")
    digits = plain[:-1].translate(_FOREIGNERS)
    return "TRWAGMYFPDXBNJZSQVHLCKE"[int(digits) % 23] == plain[-1]


_FOREIGNERS = str.maketrans("XYZ", "012")


def is_british(number: str) -> bool:
    """Letters that British National Insurance numbers begin with, HMRC manual NIM39110; they have no check digit."""
    first, second = number[0], number[1]
    given = first not in "DFIQUV" and second not in "DFIOQUV"
    return given and number[:2] not in ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ")


def is_hong_kong(number: str) -> bool:
    """The check digit, in brackets, of Hong Kong identity cards: modulo 11, where A stands for 10."""
    letters, digits = number[:-9], number[-9:-3]
    values = [36] * (2 - len(letters)) + [int(letter, 36) for letter in letters] + [int(digit) for digit in digits]
    weighed = sum(value * weight for value, weight in zip(values, range(9, 1, -1), strict=True))
    return (weighed + int(number[-2], 16)) % 11 == 0


def is_singaporean(number: str) -> bool:
    """The letter of Singapore's identity numbers, NRIC and FIN: modulo 11, with a row of letters for each series."""
    series = number[0]
    weighed = sum(int(digit) * weight for digit, weight in zip(number[1:8], (2, 7, 6, 5, 4, 3, 2), strict=True))
    later = {"T": 4, "G": 4, "M": 3}.get(series, 0)
    letters = {"S": "JZIHGFEDCBA", "T": "JZIHGFEDCBA", "M": "XWUTRQPNJLK"}.get(series, "XWUTRQPNMLK")
    return letters[(weighed + later) % 11] == number[8]


def is_italian(number: str) -> bool:
    """The last letter of the Italian codice fiscale, Decreto ministeriale of 23 December 1976."""
    odd = [_ODD_ITALIAN[int(sign, 36) - (10 if sign.isalpha() else 0)] for sign in number[0:15:2]]
    even = [int(sign, 36) - (10 if sign.isalpha() else 0) for sign in number[1:15:2]]
    born = int(number[9:11]) % 40
    return 1 <= born <= 31 and (sum(odd) + sum(even)) % 26 == ord(number[15]) - ord("A")


_ODD_ITALIAN = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)
"""What letters, and digits as the first ten of them, count in the places 1, 3, 5 and so on."""


def is_french(number: str) -> bool:
    """The key of French social security numbers, NIR: INSEE, 97 less the rest; 2A and 2B stand for Corsica."""
    plain = number.replace(" ", "").replace("2A", "19").replace("2B", "18")
    return 97 - int(plain[:13]) % 97 == int(plain[13:])


def is_german(number: str) -> bool:
    """The check digit of German tax numbers, ISO 7064 MOD 11,10; one digit of the others comes two or three times."""
    digits = [int(sign) for sign in number if sign.isdigit()]
    often = sorted(digits[:10].count(digit) for digit in set(digits[:10]))
    check = 10
    for digit in digits[:10]:
        check = ((check + digit) % 10 or 10) * 2 % 11
    return often[-1] in (2, 3) and often[-2] == 1 and (11 - check) % 10 == digits[10]


def is_korean(number: str) -> bool:
    """The check digit and the birthday of South Korean resident numbers that were given out until October 2020."""
    weights = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
    digits = [int(sign) for sign in number if sign.isdigit()]
    born = 1 <= int(number[2:4]) <= 12 and 1 <= int(number[4:6]) <= 31
    weighed = sum(digit * weight for digit, weight in zip(digits[:12], weights, strict=True))
    return born and (11 - weighed % 11) % 10 == digits[12]


def is_iban(number: str) -> bool:
    """The check digits of international account numbers, ISO 13616."""
    plain = number.replace(" ", "")
    if not 15 <= len(plain) <= 34:
        return False
    return int("".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])) % 97 == 1
