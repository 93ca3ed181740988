# Builds the distribution from source. BASE selects the base image: the default for CPUs, an image with CUDA for GPUs.
ARG BASE=ubuntu:24.04

FROM maven:3.9-eclipse-temurin-17 AS build
# Options for Maven, for example -Pcuda.
ARG MAVEN_OPTIONS=""
WORKDIR /src
COPY . .
RUN mvn -B -q -DskipTests -pl app -am ${MAVEN_OPTIONS} package
RUN mkdir /opt/tandem && tar xzf app/target/tandem-*.tar.gz --strip-components=1 -C /opt/tandem

FROM eclipse-temurin:17-jre AS java

FROM ${BASE}
COPY --from=java /opt/java/openjdk /opt/java/openjdk
# File names can contain any Unicode character. Contact sheets need a font for their headings.
ENV LANG=C.UTF-8
RUN apt-get update && apt-get install -y --no-install-recommends fontconfig fonts-dejavu-core && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /data --create-home tandem
COPY --from=build /opt/tandem /opt/tandem
USER tandem
VOLUME /data
ENV JAVA_HOME=/opt/java/openjdk
# The native libraries are unpacked once, into the volume.
ENV TANDEM_JAVA_OPTS="-Dorg.bytedeco.javacpp.cachedir=/data/native"
EXPOSE 8080 8081
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s CMD \
  ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080; printf 'GET /health/ready HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3; read -r _ status _ <&3; [ \"$status\" = 200 ]"]
ENTRYPOINT ["/opt/tandem/tandem"]
# The server listens on all addresses of the container. docker-compose.yml publishes the port on the host's loopback only.
CMD ["run", "--set", "checkpoint.directory=/data/checkpoints", "--set", "http.host=0.0.0.0", "--set", "http.allow-anonymous=true"]
