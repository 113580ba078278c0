package io.poolscope.containers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.PullImageResultCallback;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/** The images that tests start containers of, under their public names; one that is not on this machine is pulled. */
enum Image {
    ELASTICSEARCH("docker.elastic.co/elasticsearch/elasticsearch:9.5.3");

    private static final long PULL_MINUTES = 10;
    private static final Map<Image, String> ABSENT = new EnumMap<>(Image.class);

    private final String name;

    Image(String name) {
        this.name = name;
    }

    /** A container of it, not yet started. */
    GenericContainer<?> container() {
        return new GenericContainer<>(DockerImageName.parse(name));
    }

    /**
     * Why there is none, in words, or an empty string if there is. It is pulled where that is possible, and tried once in a
     * JVM.
     *
     * @throws AssertionError if the environment names a {@code DOCKER_HOST} that does not answer: who names one wants it used
     */
    String whyAbsent() {
        synchronized (ABSENT) {
            return ABSENT.computeIfAbsent(this, Image::look);
        }
    }

    private String look() {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            String host = System.getenv("DOCKER_HOST");
            if (host != null) {
                throw new AssertionError("DOCKER_HOST is " + host + ", and no Docker answers there");
            }
            return "no Docker here to run " + name;
        }
        DockerClient docker = DockerClientFactory.lazyClient();
        try {
            docker.inspectImageCmd(name).exec();
            return "";
        } catch (NotFoundException notYet) {
            return pull(docker);
        }
    }

    private String pull(DockerClient docker) {
        try {
            boolean isDone = docker.pullImageCmd(name)
                    .exec(new PullImageResultCallback())
                    .awaitCompletion(PULL_MINUTES, TimeUnit.MINUTES);
            return isDone ? "" : name + " is not on this machine, and pulling it took too long";
        } catch (DockerException e) {
            return name + " is not on this machine and cannot be pulled: "
                    + e.getMessage().strip();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
