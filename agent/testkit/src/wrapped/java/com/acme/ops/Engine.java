package com.acme.ops;

import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import io.poolscope.testkit.wrapped.Ending;
import java.io.IOException;
import java.net.URI;

/** Talks to a Docker engine through docker-java, which brings Apache HttpClient 5 in a package of its own. */
public final class Engine {

    private final DockerHttpClient docker;

    private Engine(String url) {
        docker = new ZerodepDockerHttpClient.Builder()
                .dockerHost(URI.create(url.replace("http:", "tcp:")))
                .maxConnections(10)
                .build();
    }

    public static void main(String[] arguments) throws Exception {
        Engine engine = new Engine(arguments[0]);
        for (int i = 0; i < 3; i++) {
            System.out.println("read " + engine.read("/bytes/1000"));
        }
        Response held = engine.open("/bytes/100000");
        engine.lose("/bytes/100000");
        engine.glance("/bytes/100000");
        Ending.end(engine, held);
    }

    private static Request get(String path) {
        return Request.builder().method(Request.Method.GET).path(path).build();
    }

    private int read(String path) throws IOException {
        try (Response response = docker.execute(get(path))) {
            return response.getBody().readAllBytes().length;
        }
    }

    private Response open(String path) {
        return docker.execute(get(path));
    }

    private void lose(String path) {
        docker.execute(get(path)); // lost
    }

    private void glance(String path) throws IOException {
        Response response = docker.execute(get(path));
        System.out.println("begins with " + response.getBody().read());
        response.close();
    }
}
