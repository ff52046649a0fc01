"""Names as a regency has them: the same flowers, heroes and trees in every desa, so that a search must tell them apart."""

from typing import Final

FLOWERS: Final = ("Melati", "Mawar", "Anggrek", "Kenanga", "Cempaka", "Dahlia", "Flamboyan", "Kamboja", "Teratai", "Seruni",
                  "Bougenville", "Kemuning", "Sedap Malam", "Tulip", "Alamanda", "Asoka", "Wijaya Kusuma", "Nusa Indah")  # fmt: skip
TREES: Final = ("Mangga", "Rambutan", "Jambu", "Durian", "Salak", "Nangka", "Kelapa", "Beringin", "Cemara", "Akasia", "Mahoni",
                "Jati", "Sawo", "Kecapi", "Duku", "Manggis", "Belimbing", "Pala", "Cengkeh", "Bambu")  # fmt: skip
HEROES: Final = ("Ahmad Yani", "Sudirman", "Diponegoro", "Kartini", "Imam Bonjol", "Pattimura", "Hasanuddin", "Gatot Subroto",
                 "Pangeran Antasari", "Cut Nyak Dien", "Teuku Umar", "Sultan Agung", "Raden Fatah", "Otto Iskandardinata",
                 "Dewi Sartika", "Ki Hajar Dewantara", "Kapten Tendean", "Jenderal Supeno", "Aria Wangsakara",
                 "Sultan Ageng Tirtayasa", "Syekh Nawawi", "KH Hasyim Ashari", "H. Misbah", "H. Abdul Malik", "H. Nawi")  # fmt: skip
BIRDS: Final = (
    "Merpati",
    "Kutilang",
    "Cendrawasih",
    "Rajawali",
    "Elang",
    "Garuda",
    "Kasuari",
    "Jalak",
    "Murai",
    "Perkutut",
)
LOCAL: Final = ("Pabuaran", "Sawah", "Kebon", "Pasir", "Cikuya", "Bugel", "Ranca", "Lame", "Gaga", "Picung", "Kandang", "Pulo",
                "Jambu", "Kelapa", "Bojong", "Babakan", "Cijengir", "Nagrak", "Carang", "Sempur", "Talaga", "Waru", "Leuwi",
                "Jengkol", "Kadu", "Pangkalan", "Pondok", "Rawa", "Tegal", "Cibugel")  # fmt: skip
ENDINGS: Final = ("Baru", "Kidul", "Kaler", "Wetan", "Kulon", "Jaya", "Tengah", "Girang", "Hilir", "Sari")
ESTATES: Final = (
    "Griya",
    "Taman",
    "Bumi",
    "Puri",
    "Villa",
    "Permata",
    "Graha",
    "Pesona",
    "Mustika",
    "Sudirman",
    "Telaga",
    "Citra",
)
ESTATE_ENDINGS: Final = ("Asri", "Indah", "Permai", "Lestari", "Sejahtera", "Mandiri", "Regency", "Tigaraksa", "Balaraja", "Kencana",
                         "Elok", "Harmoni", "Sentosa", "Raya")  # fmt: skip
MOSQUES: Final = ("Al-Ikhlas", "Al-Hidayah", "Nurul Iman", "Baiturrahman", "At-Taqwa", "Al-Muhajirin", "Nurul Huda", "Al-Falah",
                  "Baitul Makmur", "Ar-Rahman", "Al-Amin", "Jami Al-Istiqomah")  # fmt: skip
SHOPS: Final = (
    "Sinar Jaya",
    "Berkah",
    "Maju Bersama",
    "Sumber Rezeki",
    "Cahaya",
    "Barokah",
    "Tunas Muda",
    "Makmur",
)
WORKS: Final = ("Sepatu Nusa", "Tekstil Banten", "Baja Utama", "Keramik Jaya", "Plastik Prima", "Karet Sentosa", "Kimia Lestari",
                "Kertas Abadi", "Garmen Mulia", "Kabel Perkasa", "Makanan Sari", "Cat Warna")  # fmt: skip
STREETS: Final = (*FLOWERS, *TREES, *HEROES, *BIRDS)
GANGS: Final = (*FLOWERS, *TREES, *BIRDS, *LOCAL)
