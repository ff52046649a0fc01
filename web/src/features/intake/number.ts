/** A caller's number as the desk shows it before it is asked for: the beginning and the last two digits. Pure. */
export function maskNumber(number: string): string {
  const digits = number.replace(/[^\d+]/g, "");
  if (digits.length < 6) return digits;
  const dots = "•".repeat(Math.max(0, digits.length - 4));
  const whole = digits.slice(0, 2) + dots + digits.slice(-2);
  return whole.replace(/(.{4})(?=.{3})/g, "$1-");
}
