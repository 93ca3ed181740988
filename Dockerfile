# The distribution, built from source, on a base that is chosen by the first argument: plain for CPUs, CUDA's for GPUs.
ARG BASE=ubuntu:24.04

FROM maven:3.9-eclipse-temurin-17 AS build
# Options for Maven, for instance -Pcuda.
ARG MAVEN_OPTIONS=""
WORKDIR /src
COPY . .
RUN mvn -B -q -DskipTests -pl app -am ${MAVEN_OPTIONS} package
RUN mkdir /opt/tandem && tar xzf app/target/tandem-*.tar.gz --strip-components=1 -C /opt/tandem

FROM eclipse-temurin:17-jre AS java

FROM ${BASE}
COPY --from=java /opt/java/openjdk /opt/java/openjdk
# Names of files may have any letters; headings of contact sheets want a font.
ENV LANG=C.UTF-8
RUN apt-get update && apt-get install -y --no-install-recommends fontconfig fonts-dejavu-core && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /data --create-home tandem
COPY --from=build /opt/tandem /opt/tandem
USER tandem
VOLUME /data
ENV JAVA_HOME=/opt/java/openjdk
# The native libraries are unpacked once, beside the checkpoints.
ENV TANDEM_JAVA_OPTS="-Dorg.bytedeco.javacpp.cachedir=/data/native"
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s CMD \
  ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080; printf 'GET /health/ready HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3; read -r _ status _ <&3; [ \"$status\" = 200 ]"]
ENTRYPOINT ["/opt/tandem/tandem"]
# Within the container all addresses are its own; docker-compose.yml publishes the port on the host's loopback only.
CMD ["run", "--set", "checkpoint.directory=/data/checkpoints", "--set", "http.host=0.0.0.0"]
