/** Numbers as an operator reads them. Pure. */

/** The home form of a number of this country: 0812… for +62812…. */
export function homeNumber(number: string): string {
  return number.replace(/[^\d+]/g, "").replace(/^\+62/, "0");
}

/** A caller's number before it is asked for: the beginning and the last two digits. */
export function maskNumber(number: string): string {
  const digits = homeNumber(number);
  if (digits.length < 6) return digits;
  const dots = "•".repeat(Math.max(0, digits.length - 4));
  const whole = digits.slice(0, 2) + dots + digits.slice(-2);
  return whole.replace(/(.{4})(?=.{3})/g, "$1-");
}
