package dev.tandem.testkit.client;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.requests.DeleteRecordsRequest;

/** Topics, offsets, users and quotas of a broker. */
public record KafkaTestAdmin(String bootstrapServers) {

    /** Creates a topic with the broker's default number of replicas. */
    public void createTopic(String name, int partitions) {
        createTopic(name, partitions, Map.of());
    }

    /** @param configs settings of the topic that replace the broker's */
    public void createTopic(String name, int partitions, Map<String, String> configs) {
        create(new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(configs));
    }

    /**
     * Creates a topic with one partition.
     *
     * @param replicas ids of its brokers, the preferred leader first
     */
    public void createTopic(String name, List<Integer> replicas, Map<String, String> configs) {
        create(new NewTopic(name, Map.of(0, replicas)).configs(configs));
    }

    private void create(NewTopic topic) {
        call(admin -> admin.createTopics(List.of(topic)).all());
    }

    /** @param total number of partitions that the topic has then */
    public void addPartitions(String topic, int total) {
        call(admin -> admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(total)))
                .all());
    }

    /** The id of the leader of partition 0; empty if it has none. */
    public OptionalInt leader(String topic) {
        return Stream.ofNullable(partition(topic).leader())
                .mapToInt(Node::id)
                .filter(id -> id >= 0)
                .findFirst();
    }

    /** The ids of the brokers that have all records of partition 0. */
    public List<Integer> inSyncReplicas(String topic) {
        return partition(topic).isr().stream().map(Node::id).toList();
    }

    private TopicPartitionInfo partition(String topic) {
        return call(admin -> admin.describeTopics(List.of(topic)).allTopicNames())
                .get(topic)
                .partitions()
                .get(0);
    }

    public void deleteTopic(String name) {
        call(admin -> admin.deleteTopics(List.of(name)).all());
    }

    /** Limits every client of the broker to this rate, in each direction. */
    public void limitClients(double bytesPerSecond) {
        ClientQuotaEntity allClients =
                new ClientQuotaEntity(Collections.singletonMap(ClientQuotaEntity.CLIENT_ID, null));
        List<ClientQuotaAlteration.Op> limits = Stream.of("consumer_byte_rate", "producer_byte_rate")
                .map(rate -> new ClientQuotaAlteration.Op(rate, bytesPerSecond))
                .toList();
        call(admin -> admin.alterClientQuotas(List.of(new ClientQuotaAlteration(allClients, limits)))
                .all());
    }

    public void createScramUser(String name, String password) {
        ScramCredentialInfo scram = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096);
        call(admin -> admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(name, scram, password)))
                .all());
    }

    /** Whether a group has committed offsets that have not expired. */
    public boolean hasCommittedOffsets(String group) {
        return !call(admin -> admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .isEmpty();
    }

    /** Deletes all committed offsets of a group, as if they had expired. The group must have no members. */
    public void deleteOffsets(String group) {
        call(admin -> admin.deleteConsumerGroups(List.of(group)).all());
    }

    /** Sets the next offset that a group has committed for partition 0 of a topic. The group must have no members. */
    public void setCommittedOffset(String group, String topic, long offset) {
        call(admin -> admin.alterConsumerGroupOffsets(
                        group, Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(offset)))
                .all());
    }

    /** Removes all records of partition 0, as retention does. */
    public void deleteAllRecords(String topic) {
        RecordsToDelete all = RecordsToDelete.beforeOffset(DeleteRecordsRequest.HIGH_WATERMARK);
        call(admin ->
                admin.deleteRecords(Map.of(new TopicPartition(topic, 0), all)).all());
    }

    /** The next offset that a group has committed for partition 0 of a topic. */
    public long committedOffset(String group, String topic) {
        return call(admin -> admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .get(new TopicPartition(topic, 0))
                .offset();
    }

    /** Whether partition 0 of a topic has records of a transaction that is neither committed nor aborted. */
    public boolean hasOpenTransaction(String topic) {
        return endOffset(topic, IsolationLevel.READ_COMMITTED) != endOffset(topic, IsolationLevel.READ_UNCOMMITTED);
    }

    private long endOffset(String topic, IsolationLevel isolation) {
        TopicPartition partition = new TopicPartition(topic, 0);
        return call(admin -> admin.listOffsets(
                                Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions(isolation))
                        .partitionResult(partition))
                .offset();
    }

    private <T> T call(Function<Admin, KafkaFuture<T>> request) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            return request.apply(admin).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
