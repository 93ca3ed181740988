# Builds the distribution from source; needs BuildKit. MAVEN_OPTIONS are options for Maven, for example -Pgpu. BASE is the
# base image, for -Pgpu one with CUDA 13 and cuDNN 9. PACKAGES are packages that the base image lacks.
ARG BASE=docker.io/library/ubuntu:24.04
FROM maven:3.9-eclipse-temurin-17 AS build
ARG MAVEN_OPTIONS=""
WORKDIR /src
COPY . .
# The cache keeps what Maven downloads, so only the first build downloads it.
RUN --mount=type=cache,target=/root/.m2/repository \
  mvn -B -q -Dmaven.test.skip=true -Dspotless.check.skip=true -pl app -am ${MAVEN_OPTIONS} package
RUN mkdir /opt/tandem && tar xzf app/target/tandem-*.tar.gz --strip-components=1 -C /opt/tandem
# Libraries of third parties go to a layer of their own, which stays the same when only Tandem changes.
RUN mkdir /opt/libraries && find /opt/tandem/lib -name '*.jar' ! -name 'tandem-*' -exec mv -t /opt/libraries {} +

FROM eclipse-temurin:17-jre AS java

FROM ${BASE}
ARG PACKAGES=""
# Contact sheets need a font for their headings.
RUN apt-get update && \
  apt-get install -y --no-install-recommends fontconfig fonts-dejavu-core ${PACKAGES} && rm -rf /var/lib/apt/lists/*
# Numbers, because Kubernetes cannot check a name (runAsNonRoot). The home folder is the volume, and starts empty.
RUN groupadd --gid 10001 tandem && \
  useradd --uid 10001 --gid tandem --no-create-home --home-dir /data --shell /usr/sbin/nologin tandem && \
  install -d -o tandem -g tandem /data
COPY --from=java /opt/java/openjdk /opt/java/openjdk
COPY --from=build /opt/libraries /opt/tandem/lib
COPY --from=build /opt/tandem /opt/tandem
COPY deploy/container/health /opt/tandem/health
USER 10001:10001
VOLUME /data
WORKDIR /data
# File names can contain any Unicode character.
ENV LANG=C.UTF-8 \
  JAVA_HOME=/opt/java/openjdk \
  TANDEM_HEALTH_FILE=/tmp/tandem-health \
  # The native libraries are unpacked once, into the volume.
  TANDEM_JAVA_OPTS="-Dorg.bytedeco.javacpp.cachedir=/data/native" \
  # Which parts of the driver the NVIDIA Container Toolkit mounts.
  NVIDIA_DRIVER_CAPABILITIES=compute,utility
EXPOSE 8080 8081
HEALTHCHECK --interval=15s --timeout=10s --start-period=2m CMD ["/opt/tandem/health"]
ENTRYPOINT ["/opt/tandem/tandem"]
# The server listens on all addresses of the container. docker-compose.yml publishes the port on the host's loopback only.
CMD ["run", "--set", "checkpoint.directory=/data/checkpoints", "--set", "http.host=0.0.0.0", "--set", "http.allow-anonymous=true"]
ARG BASE
LABEL org.opencontainers.image.title="Tandem" \
  org.opencontainers.image.description="BicycleGAN as a stream: image pairs in, many plausible translations out." \
  org.opencontainers.image.licenses="Apache-2.0" \
  org.opencontainers.image.base.name="${BASE}"
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.version="${VERSION}" org.opencontainers.image.revision="${REVISION}"
