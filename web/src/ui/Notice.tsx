import { useNotice } from "@/keys/notice";
import { Icon } from "./Icon";

/** The desk's one answering line; stands in the bottom strip of each desk. */
export function NoticeLine() {
  const notice = useNotice((state) => state.notice);
  return (
    <span className="notice-line ellipsis" aria-live="polite">
      {notice && (
        <>
          <Icon name={notice.kind === "failed" ? "warning" : "check"} />
          <span className="ellipsis">{notice.text}</span>
        </>
      )}
    </span>
  );
}
