/** Finding an incident type by code or words. Pure. */
import type { IncidentTypeInfo } from "@/api/catalogue";

/** Types that fit the words, best first: code, then beginnings of words, then anything inside. All when empty. */
export function findTypes(
  types: readonly IncidentTypeInfo[],
  words: string,
  category: (code: string) => string,
): IncidentTypeInfo[] {
  const asked = words.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (asked.length === 0) return [...types];
  const scored = types.flatMap((info) => {
    const text = `${info.name.id} ${info.name.en} ${category(info.category)}`.toLowerCase();
    let score = 0;
    for (const word of asked) {
      if (info.code.toLowerCase().startsWith(word)) score += 4;
      else if (new RegExp(`(^|[\\s/(-])${literal(word)}`).test(text)) score += 2;
      else if (text.includes(word)) score += 1;
      else return [];
    }
    return [{ info, score }];
  });
  return scored
    .sort((a, b) => b.score - a.score || a.info.priority.localeCompare(b.info.priority))
    .map((line) => line.info);
}

function literal(word: string): string {
  return word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
