package com.acme.lake;

import io.poolscope.testkit.wrapped.Ending;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;

/** Reads objects from S3 through the AWS SDK 2 and its Apache client. */
public final class Objects {

    private final S3Client s3;

    private Objects(String endpoint) {
        s3 = S3Client.builder()
                .endpointOverride(URI.create(endpoint))
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
                .forcePathStyle(true)
                .httpClientBuilder(ApacheHttpClient.builder().maxConnections(10))
                .build();
    }

    public static void main(String[] arguments) throws Exception {
        Objects objects = new Objects(arguments[0]);
        for (int i = 0; i < 3; i++) {
            System.out.println("read " + objects.read("1000"));
        }
        InputStream held = objects.open("100000");
        objects.lose("100000");
        objects.giveUp("100000");
        objects.glance("100000");
        Ending.end(objects, held);
    }

    private static GetObjectRequest object(String key) {
        return GetObjectRequest.builder().bucket("bytes").key(key).build();
    }

    private int read(String key) {
        return s3.getObjectAsBytes(object(key)).asByteArray().length;
    }

    private InputStream open(String key) {
        return s3.getObject(object(key));
    }

    private void lose(String key) {
        s3.getObject(object(key)); // lost
    }

    private void glance(String key) throws IOException {
        try (InputStream in = s3.getObject(object(key))) {
            System.out.println("begins with " + in.read());
        } // undrained
    }

    private void giveUp(String key) {
        s3.getObject(object(key)).abort();
    }
}
