package io.poolscope.containers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/** A node of Elasticsearch without security, and what it says of itself. */
final class Elasticsearch implements AutoCloseable {
    private static final int PORT = 9200;

    private final GenericContainer<?> container = Image.ELASTICSEARCH
            .container()
            .withEnv("discovery.type", "single-node")
            .withEnv("xpack.security.enabled", "false")
            .withEnv("cluster.routing.allocation.disk.threshold_enabled", "false")
            .withEnv("ES_JAVA_OPTS", "-Xms512m -Xmx512m")
            .withExposedPorts(PORT)
            .waitingFor(Wait.forHttp("/_cluster/health")
                    .forPort(PORT)
                    .forStatusCode(200)
                    .withStartupTimeout(Duration.ofMinutes(5)));
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** Starts it. */
    Elasticsearch() {
        container.start();
    }

    String url() {
        return "http://" + container.getHost() + ":" + container.getMappedPort(PORT);
    }

    /** Connections that its HTTP port has accepted since it started. */
    long connectionsAccepted() throws IOException, InterruptedException {
        return number("total_opened", call("GET", "/_nodes/stats/http"));
    }

    /** Documents of an index, those included that came a moment ago. */
    long documents(String index) throws IOException, InterruptedException {
        call("POST", "/" + index + "/_refresh");
        return number("count", call("GET", "/" + index + "/_count"));
    }

    void delete(String index) throws IOException, InterruptedException {
        call("DELETE", "/" + index + "?ignore_unavailable=true");
    }

    private static long number(String field, String json) {
        Matcher found = Pattern.compile("\"" + field + "\":(\\d+)").matcher(json);
        if (!found.find()) {
            throw new AssertionError("no " + field + " in " + json);
        }
        return Long.parseLong(found.group(1));
    }

    /** Makes an index template for what has none. */
    void template(String name, String json) throws IOException, InterruptedException {
        if (status("/_index_template/" + name) == 404) {
            call("PUT", "/_index_template/" + name, json);
        }
    }

    private int status(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url() + path)).build();
        return http.send(request, BodyHandlers.discarding()).statusCode();
    }

    /** Writes documents, all of which have to be taken, and makes them visible. */
    void bulk(String lines) throws IOException, InterruptedException {
        JsonNode answer = new ObjectMapper().readTree(call("POST", "/_bulk?refresh=true", lines));
        if (answer.get("errors").asBoolean()) {
            for (JsonNode item : answer.get("items")) {
                if (item.get("create").has("error")) {
                    throw new AssertionError("refused: " + item);
                }
            }
        }
    }

    JsonNode search(String indices, JsonNode body) throws IOException, InterruptedException {
        return new ObjectMapper()
                .readTree(call("POST", "/" + indices + "/_search?ignore_unavailable=true", body.toString()));
    }

    private String call(String method, String path) throws IOException, InterruptedException {
        return call(method, path, "");
    }

    private String call(String method, String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(url() + path))
                        .header("Content-Type", "application/json")
                        .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new AssertionError(method + " " + path + ": " + answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }

    @Override
    public void close() {
        container.stop();
    }
}
