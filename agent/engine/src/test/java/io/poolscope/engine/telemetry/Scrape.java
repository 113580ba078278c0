package io.poolscope.engine.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a scraper gets, held against the text format: no series twice, each under a TYPE. */
public final class Scrape {

    private static final Pattern SAMPLE =
            Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)(?: # \\{(.*)} (\\S+) (\\S+))?");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\",?");

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    final String text;
    final String type;
    final Map<String, String> types = new LinkedHashMap<>();
    final Map<String, Double> samples = new LinkedHashMap<>();
    final Map<String, String> exemplars = new LinkedHashMap<>();

    private Scrape(String text, String type) {
        this.text = text;
        this.type = type;
        for (String line : text.split("\n")) {
            if (line.startsWith("# TYPE ")) {
                String[] words = line.split(" ");
                assertThat(types.put(words[2], words[3])).as(line).isNull();
            } else if (!line.startsWith("#")) {
                sample(line);
            }
        }
    }

    public static Scrape of(String address) throws IOException, InterruptedException {
        return of(address, "text/plain");
    }

    static Scrape of(String address, String accept) throws IOException, InterruptedException {
        HttpResponse<String> response = fetch(address, accept);
        return new Scrape(
                response.body(), response.headers().firstValue("Content-Type").orElseThrow());
    }

    static HttpResponse<String> fetch(String address, String accept) throws IOException, InterruptedException {
        HttpResponse<String> response = CLIENT.send(
                HttpRequest.newBuilder(URI.create(address + "metrics"))
                        .header("Accept", accept)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        return response;
    }

    private void sample(String line) {
        Matcher matcher = SAMPLE.matcher(line);
        assertThat(matcher.matches()).as(line).isTrue();
        Map<String, String> labels = new TreeMap<>();
        String text = matcher.group(2) == null ? "" : matcher.group(2);
        Matcher label = LABEL.matcher(text);
        int end = 0;
        while (label.find()) {
            assertThat(label.start()).as(line).isEqualTo(end);
            assertThat(labels.put(label.group(1), label.group(2))).as(line).isNull();
            end = label.end();
        }
        assertThat(end).as(line).isEqualTo(text.length());
        String series = matcher.group(1) + labels;
        assertThat(samples.put(series, Double.valueOf(matcher.group(3).replace("Inf", "Infinity"))))
                .as(line)
                .isNull();
        if (matcher.group(4) != null) {
            exemplars.put(series, matcher.group(4));
        }
    }

    /** The sample of this name whose labels contain all these {@code name=value}; there must be just one. */
    public double value(String name, String... labels) {
        Map<String, Double> found = find(name, labels);
        assertThat(found).as(name + String.join(",", labels) + " in\n" + text).hasSize(1);
        return found.values().iterator().next();
    }

    public Map<String, Double> find(String name, String... labels) {
        Map<String, Double> found = new LinkedHashMap<>();
        samples.forEach((series, value) -> {
            if (series.startsWith(name + "{")) {
                boolean all = true;
                for (String label : labels) {
                    all &= series.contains("{" + label + ",")
                            || series.contains(" " + label + ",")
                            || series.contains("{" + label + "}")
                            || series.contains(" " + label + "}");
                }
                if (all) {
                    found.put(series, value);
                }
            }
        });
        return found;
    }
}
