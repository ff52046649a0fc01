"""The words of reports in both languages, and how a report writes days, durations and shares."""

from datetime import date
from typing import Final

MONTHS: Final = {
    "id": ["Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"],
    "en": ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
}
DAYS: Final = {
    "id": ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"],
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
}

WORDS: Final[dict[str, dict[str, str]]] = {
    "id": {
        "title": "Laporan Harian Darurat 112",
        "calls": "Panggilan menurut jenis",
        "disposition": "Jenis Panggilan",
        "count": "Jumlah",
        "offered": "Ditawarkan",
        "answered": "Terjawab",
        "lost": "Terputus sebelum dijawab",
        "waiting": "Masih menunggu",
        "undetermined": "Belum ditentukan",
        "end_causes": "Panggilan menurut sebab berakhir",
        "end_cause": "Sebab berakhir",
        "running": "Belum berakhir",
        "by_category": "Kejadian menurut kategori",
        "category": "Kategori",
        "by_type": "Kejadian menurut jenis",
        "type": "Jenis Kejadian",
        "code": "Kode",
        "total": "Jumlah seluruhnya",
        "by_agency": "Penugasan menurut OPD/Instansi",
        "agency": "OPD/Instansi",
        "sent": "Dikirim",
        "acknowledged": "Diterima",
        "refused": "Ditolak",
        "timed_out": "Tidak dijawab",
        "cancelled": "Dibatalkan/dialihkan",
        "done": "Selesai",
        "running_jobs": "Berjalan",
        "acknowledge_median": "Median terima",
        "response_median": "Median tiba",
        "response_p90": "p90 tiba",
        "by_kecamatan": "Kejadian menurut kecamatan",
        "outside": "Di luar wilayah",
        "restricted": "Kasus Terbatas (tidak dirinci)",
        "clocks": "Waktu terhadap target",
        "clock": "Waktu",
        "median": "Median",
        "p90": "p90",
        "n": "n",
        "target": "Target",
        "within": "Dalam target",
        "clock_answer": "Waktu Jawab (T2−T0)",
        "clock_processing": "Waktu Proses Panggilan (T5−T2)",
        "clock_acknowledge": "Waktu Terima (T6−T5)",
        "clock_turnout": "Waktu Persiapan (T7−T6)",
        "clock_travel": "Waktu Tempuh (T8−T7)",
        "clock_response": "Waktu Tanggap (T8−T0)",
        "checks": "Pemeriksaan jumlah",
        "check": "Pemeriksaan",
        "left": "Jumlah",
        "right": "Jumlah rincian",
        "verdict": "Hasil",
        "agrees": "cocok",
        "differs": "TIDAK cocok",
        "check_offered": "Ditawarkan = terjawab + terputus + menunggu",
        "check_end_causes": "Ditawarkan = semua sebab berakhir",
        "check_dispositions": "Terjawab = semua jenis panggilan",
        "check_categories": "Kejadian = semua kategori",
        "check_kecamatan": "Kejadian = semua kecamatan + luar + terbatas",
        "check_agencies": "Penugasan = semua OPD/Instansi",
        "made_at": "Dibuat",
        "reconciles": "Semua jumlah cocok.",
        "does_not_reconcile": "ADA JUMLAH YANG TIDAK COCOK.",
        "journal_head": "Kepala jurnal:",
    },
    "en": {
        "title": "Daily report, emergency 112",
        "calls": "Calls by disposition",
        "disposition": "Disposition",
        "count": "Count",
        "offered": "Offered",
        "answered": "Answered",
        "lost": "Lost before an answer",
        "waiting": "Still waiting",
        "undetermined": "Not yet determined",
        "end_causes": "Calls by end cause",
        "end_cause": "End cause",
        "running": "Not ended yet",
        "by_category": "Incidents by category",
        "category": "Category",
        "by_type": "Incidents by type",
        "type": "Incident type",
        "code": "Code",
        "total": "Total",
        "by_agency": "Assignments by agency",
        "agency": "Agency",
        "sent": "Sent",
        "acknowledged": "Acknowledged",
        "refused": "Refused",
        "timed_out": "No answer",
        "cancelled": "Cancelled/diverted",
        "done": "Done",
        "running_jobs": "Running",
        "acknowledge_median": "Median acknowledge",
        "response_median": "Median arrival",
        "response_p90": "p90 arrival",
        "by_kecamatan": "Incidents by kecamatan",
        "outside": "Outside the regency",
        "restricted": "Restricted cases (not broken down)",
        "clocks": "Clocks against targets",
        "clock": "Clock",
        "median": "Median",
        "p90": "p90",
        "n": "n",
        "target": "Target",
        "within": "Within target",
        "clock_answer": "Answer (T2−T0)",
        "clock_processing": "Call processing (T5−T2)",
        "clock_acknowledge": "Acknowledgement (T6−T5)",
        "clock_turnout": "Turnout (T7−T6)",
        "clock_travel": "Travel (T8−T7)",
        "clock_response": "Response (T8−T0)",
        "checks": "Check of the totals",
        "check": "Check",
        "left": "Total",
        "right": "Sum of parts",
        "verdict": "Verdict",
        "agrees": "agrees",
        "differs": "DIFFERS",
        "check_offered": "Offered = answered + lost + waiting",
        "check_end_causes": "Offered = all end causes",
        "check_dispositions": "Answered = all dispositions",
        "check_categories": "Incidents = all categories",
        "check_kecamatan": "Incidents = all kecamatan + outside + restricted",
        "check_agencies": "Assignments = all agencies",
        "made_at": "Made",
        "reconciles": "All totals agree.",
        "does_not_reconcile": "SOME TOTALS DO NOT AGREE.",
        "journal_head": "Journal head:",
    },
}


def day_text(day: date, language: str) -> str:
    """`Selasa, 24 November 2026`."""
    return f"{DAYS[language][day.weekday()]}, {day.day} {MONTHS[language][day.month - 1]} {day.year}"


def clock_text(seconds: float | None) -> str | None:
    """`0:39`, `11:40`, `1:02:05`; None stays None (too few values)."""
    if seconds is None:
        return None
    sign, whole = ("-" if round(seconds) < 0 else ""), abs(round(seconds))
    hours, rest = divmod(whole, 3600)
    return (
        f"{sign}{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{sign}{rest // 60}:{rest % 60:02d}"
    )


def share_text(share: float | None) -> str | None:
    """`93 %`; None stays None."""
    return None if share is None else f"{share * 100:.0f} %"
