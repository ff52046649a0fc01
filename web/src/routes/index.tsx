import { createFileRoute } from "@tanstack/react-router";
import { FirstPage } from "@/app/FirstPage";

export const Route = createFileRoute("/")({ component: FirstPage });
