/** Calls the eye when the tab is in the background: the title and a notification, both gone with the ring. */

const PLAIN = "Sigap 112";
let notification: Notification | null = null;
let blinking: ReturnType<typeof setInterval> | undefined;

export async function askForNotifications(): Promise<void> {
  if ("Notification" in window && Notification.permission === "default")
    await Notification.requestPermission();
}

/** `words` carry no number and no name: a notification lies on a screen that others can see. */
export function callForAttention(words: string): void {
  calmDown();
  let on = false;
  const flip = () => {
    on = !on;
    document.title = on ? `☎ ${words}` : PLAIN;
  };
  flip();
  blinking = setInterval(flip, 1000);
  if (
    (document.hidden || !document.hasFocus()) &&
    "Notification" in window &&
    Notification.permission === "granted"
  ) {
    notification = new Notification(words, {
      tag: "sigap-ring",
      requireInteraction: true,
      icon: "/sigap.svg",
    });
    notification.onclick = () => window.focus();
  }
}

export function calmDown(): void {
  clearInterval(blinking);
  blinking = undefined;
  document.title = PLAIN;
  notification?.close();
  notification = null;
}
