package io.poolscope.containers;

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

    private String call(String method, String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(url() + path))
                        .method(method, BodyPublishers.noBody())
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
