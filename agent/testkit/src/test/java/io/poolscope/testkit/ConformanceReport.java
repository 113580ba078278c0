package io.poolscope.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The table client x version x scenario, as Markdown for the docs and as JSON for whatever else wants it. Thread-safe. */
final class ConformanceReport {

    private record Entry(Library library, int jdk, Outcome outcome) {}

    private final List<Entry> entries = new ArrayList<>();
    private final Set<String> absent = new LinkedHashSet<>();

    synchronized void add(Library library, int jdk, List<Outcome> outcomes) {
        outcomes.forEach(outcome -> entries.add(new Entry(library, jdk, outcome)));
    }

    /** Says of a JVM that was wanted and is not there. */
    synchronized void absent(String what) {
        absent.add(what);
    }

    synchronized boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Whether it tells of every library on every JVM that it should. */
    synchronized boolean isComplete() {
        return absent.isEmpty() && !entries.isEmpty();
    }

    /** As Markdown. */
    synchronized String text() {
        return markdown();
    }

    synchronized void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        // Runs may end in any order.
        entries.sort(Comparator.comparing((Entry entry) -> entry.library.name())
                .thenComparing(entry -> entry.library.order())
                .thenComparing(entry -> entry.library.column())
                .thenComparing(Entry::jdk));
        Files.writeString(folder.resolve("conformance.md"), markdown());
        Files.writeString(folder.resolve("conformance.json"), json());
    }

    private String markdown() {
        Set<Integer> jdks = new TreeSet<>();
        Map<String, Map<String, Library>> versions = new LinkedHashMap<>();
        entries.forEach(entry -> {
            jdks.add(entry.jdk);
            versions.computeIfAbsent(entry.outcome.client(), client -> new LinkedHashMap<>())
                    .put(entry.library.column(), entry.library);
        });
        StringBuilder text =
                new StringBuilder("<!-- Made by the conformance kit (agent/testkit). Do not edit. -->\n\n");
        text.append("Played on JDK ").append(join(jdks)).append(". ");
        text.append("`yes`: all that the scenario must show was exported, and equals the pool's own statistics; ");
        text.append("`-`: the client has no such thing.\n");
        absent.forEach(what -> text.append("\nNot played: ").append(what).append(".\n"));
        versions.forEach((client, libraries) -> text.append(table(client, new ArrayList<>(libraries.values()), jdks)));
        return text.toString();
    }

    private String table(String client, List<Library> libraries, Set<Integer> jdks) {
        Map<String, Integer> notes = new LinkedHashMap<>();
        StringBuilder text =
                new StringBuilder("\n### " + client + " (" + libraries.get(0).name() + ")\n\n| scenario |");
        libraries.forEach(library -> text.append(' ').append(library.column()).append(" |"));
        text.append("\n|---|").append("---|".repeat(libraries.size())).append('\n');
        List<Scenario> scenarios = new ArrayList<>(Scenarios.all());
        scenarios.add(Run.WHOLE);
        for (Scenario scenario : scenarios) {
            StringBuilder row = new StringBuilder("| " + scenario.title() + " |");
            boolean any = false;
            for (Library library : libraries) {
                String cell = cell(client, library, scenario, jdks, notes);
                any |= !cell.isEmpty();
                row.append(' ').append(cell).append(" |");
            }
            if (any) {
                text.append(row).append('\n');
            }
        }
        notes.forEach((note, number) ->
                text.append('\n').append(number).append(". ").append(note).append('\n'));
        return text.toString();
    }

    private String cell(
            String client, Library library, Scenario scenario, Set<Integer> jdks, Map<String, Integer> notes) {
        Map<Integer, Boolean> passed = new TreeMap<>();
        for (Entry entry : entries) {
            Outcome outcome = entry.outcome;
            if (entry.library.equals(library) && outcome.client().equals(client) && outcome.scenario() == scenario) {
                if (outcome.obstacle() != null) {
                    return "- <sup>" + notes.computeIfAbsent(outcome.obstacle(), note -> notes.size() + 1) + "</sup>";
                }
                passed.put(entry.jdk, outcome.passed());
            }
        }
        if (passed.isEmpty()) {
            return "";
        }
        if (passed.keySet().equals(jdks) && Set.copyOf(passed.values()).size() == 1) {
            return passed.values().iterator().next() ? "yes" : "**no**";
        }
        List<String> each = new ArrayList<>();
        passed.forEach((jdk, yes) -> each.add((yes ? "yes" : "**no**") + " (" + jdk + ")"));
        return String.join(", ", each);
    }

    private static String join(Set<Integer> numbers) {
        return String.join(", ", numbers.stream().map(String::valueOf).toList());
    }

    private String json() {
        StringBuilder text = new StringBuilder("[\n");
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            Outcome outcome = entry.outcome;
            String result = outcome.obstacle() != null ? "not applicable" : outcome.passed() ? "passed" : "failed";
            text.append("  {\"jdk\": ").append(entry.jdk);
            field(text, "library", entry.library.name());
            field(text, "version", entry.library.column());
            field(text, "client", outcome.client());
            field(text, "scenario", outcome.scenario().id());
            field(text, "result", result);
            if (outcome.obstacle() != null) {
                field(text, "because", outcome.obstacle());
            } else if (!outcome.passed()) {
                List<String> reasons = new ArrayList<>(outcome.untrue());
                reasons.addAll(outcome.unmet());
                field(text, "because", String.join("; ", reasons));
            }
            text.append(i + 1 < entries.size() ? "},\n" : "}\n");
        }
        return text.append("]\n").toString();
    }

    private static void field(StringBuilder text, String name, String value) {
        text.append(", \"").append(name).append("\": \"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ') {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }
}
