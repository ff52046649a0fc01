"""The reasons and results that people choose from, as screens and reports show them: (Bahasa Indonesia, English)."""

from typing import Final

REFUSAL_REASONS: Final[dict[str, tuple[str, str]]] = {
    "no_driver": ("Tidak ada pengemudi", "No driver"),
    "no_crew": ("Tidak ada awak", "No crew"),
    "vehicle_out_of_service": ("Kendaraan rusak", "Vehicle out of service"),
    "fuel": ("Bahan bakar", "Fuel"),
    "already_committed": ("Sedang bertugas lain", "Already committed"),
    "outside_area": ("Di luar wilayah", "Outside our area"),
    "not_our_authority": ("Bukan kewenangan", "Not our authority"),
    "unsafe": ("Tidak aman", "Unsafe"),
    "duplicate": ("Duplikat", "Duplicate"),
    "other": ("Lain-lain (sebutkan)", "Other (say what)"),
}
"""Why an agency or crew does not take a job. Reported monthly by agency and hour."""

CANCEL_REASONS: Final[dict[str, tuple[str, str]]] = {
    "no_longer_needed": ("Tidak diperlukan lagi", "No longer needed"),
    "cancelled_by_reporter": ("Dibatalkan pelapor", "Cancelled by the reporter"),
    "wrong_unit": ("Unit keliru", "Wrong unit"),
    "wrong_agency": ("OPD keliru", "Wrong agency"),
    "unit_unavailable": ("Unit tidak dapat berangkat", "Unit cannot go"),
    "no_answer": ("Tidak dijawab", "No answer"),
    "nearer_unit": ("Ada unit lebih dekat", "A nearer unit was found"),
    "breakdown": ("Rusak di jalan", "Broke down on the way"),
    "delayed": ("Terhambat", "Delayed"),
    "higher_priority": ("Dialihkan ke yang lebih gawat", "Needed for something more urgent"),
    "duplicate": ("Duplikat", "Duplicate"),
    "false_report": ("Laporan palsu", "False report"),
    "entered_in_error": ("Salah input", "Entered in error"),
    "other": ("Lain-lain (sebutkan)", "Other (say what)"),
}
"""Why the desk takes back or replaces what it sent, or ends an incident without help."""

RESULTS: Final[dict[str, tuple[str, str]]] = {
    "handled_on_scene": ("Tertangani di lokasi", "Handled on scene"),
    "handled_by_phone": ("Selesai lewat telepon", "Handled by phone"),
    "fire_extinguished": ("Kebakaran dipadamkan", "Fire extinguished"),
    "rescued": ("Penyelamatan selesai", "Rescued"),
    "hazard_secured": ("Bahaya diamankan", "Hazard secured"),
    "treated_not_transported": ("Ditangani, tidak dirujuk", "Treated, not transported"),
    "transported_by_ambulance": ("Dibawa ambulans ke RS", "Transported by ambulance"),
    "transported_privately": ("Dibawa kendaraan pribadi", "Transported privately"),
    "patient_refused": ("Pasien menolak", "Patient refused"),
    "no_patient": ("Tidak ada pasien", "No patient"),
    "died_on_scene": ("Meninggal di tempat", "Died on scene"),
    "not_found": ("Tidak ditemukan", "Not found"),
    "duplicate": ("Duplikat", "Duplicate"),
    "cancelled_by_reporter": ("Dibatalkan pelapor", "Cancelled by the reporter"),
    "unit_cancelled_en_route": ("Unit dibatalkan di jalan", "Unit cancelled en route"),
    "handed_over": ("Diteruskan/dilimpahkan", "Handed over"),
    "information_given": ("Informasi", "Information given"),
    "false_report": ("Laporan palsu", "False report"),
    "handled_by_residents": ("Ditangani warga", "Handled by residents"),
    "no_unit_available": ("Tidak ada unit tersedia", "No unit available"),
}
"""How a job ended (hasil penanganan)."""
