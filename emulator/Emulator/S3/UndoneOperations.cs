using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>What S3 has and this room does not (https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html).</summary>
internal static class UndoneOperations
{
    public static readonly IReadOnlyList<UndoneOperation> All = UndoneOperation.Parse(
        """
        POST /{Bucket} PostObject
        GET /{Bucket}?abac GetBucketAbac
        PUT /{Bucket}?abac PutBucketAbac
        GET /{Bucket}?accelerate GetBucketAccelerateConfiguration
        PUT /{Bucket}?accelerate PutBucketAccelerateConfiguration
        PUT /{Bucket}?acl PutBucketAcl
        GET /{Bucket}?analytics ListBucketAnalyticsConfigurations
        GET /{Bucket}?analytics&id GetBucketAnalyticsConfiguration
        PUT /{Bucket}?analytics PutBucketAnalyticsConfiguration
        DELETE /{Bucket}?analytics DeleteBucketAnalyticsConfiguration
        GET /{Bucket}?cors GetBucketCors
        PUT /{Bucket}?cors PutBucketCors
        DELETE /{Bucket}?cors DeleteBucketCors
        GET /{Bucket}?intelligent-tiering ListBucketIntelligentTieringConfigurations
        GET /{Bucket}?intelligent-tiering&id GetBucketIntelligentTieringConfiguration
        PUT /{Bucket}?intelligent-tiering PutBucketIntelligentTieringConfiguration
        DELETE /{Bucket}?intelligent-tiering DeleteBucketIntelligentTieringConfiguration
        GET /{Bucket}?inventory ListBucketInventoryConfigurations
        GET /{Bucket}?inventory&id GetBucketInventoryConfiguration
        PUT /{Bucket}?inventory PutBucketInventoryConfiguration
        DELETE /{Bucket}?inventory DeleteBucketInventoryConfiguration
        GET /{Bucket}?logging GetBucketLogging
        PUT /{Bucket}?logging PutBucketLogging
        POST /{Bucket}?metadataConfiguration CreateBucketMetadataConfiguration
        GET /{Bucket}?metadataConfiguration GetBucketMetadataConfiguration
        DELETE /{Bucket}?metadataConfiguration DeleteBucketMetadataConfiguration
        PUT /{Bucket}?metadataInventoryTable UpdateBucketMetadataInventoryTableConfiguration
        PUT /{Bucket}?metadataJournalTable UpdateBucketMetadataJournalTableConfiguration
        POST /{Bucket}?metadataTable CreateBucketMetadataTableConfiguration
        GET /{Bucket}?metadataTable GetBucketMetadataTableConfiguration
        DELETE /{Bucket}?metadataTable DeleteBucketMetadataTableConfiguration
        GET /{Bucket}?metrics ListBucketMetricsConfigurations
        GET /{Bucket}?metrics&id GetBucketMetricsConfiguration
        PUT /{Bucket}?metrics PutBucketMetricsConfiguration
        DELETE /{Bucket}?metrics DeleteBucketMetricsConfiguration
        GET /{Bucket}?notification GetBucketNotificationConfiguration
        PUT /{Bucket}?notification PutBucketNotificationConfiguration
        GET /{Bucket}?object-lock GetObjectLockConfiguration
        PUT /{Bucket}?object-lock PutObjectLockConfiguration
        GET /{Bucket}?policyStatus GetBucketPolicyStatus
        GET /{Bucket}?replication GetBucketReplication
        PUT /{Bucket}?replication PutBucketReplication
        DELETE /{Bucket}?replication DeleteBucketReplication
        GET /{Bucket}?requestPayment GetBucketRequestPayment
        PUT /{Bucket}?requestPayment PutBucketRequestPayment
        GET /{Bucket}?session CreateSession
        GET /{Bucket}?website GetBucketWebsite
        PUT /{Bucket}?website PutBucketWebsite
        DELETE /{Bucket}?website DeleteBucketWebsite
        PUT /{Bucket}/{Key+}?acl PutObjectAcl
        PUT /{Bucket}/{Key+}?encryption UpdateObjectEncryption
        GET /{Bucket}/{Key+}?legal-hold GetObjectLegalHold
        PUT /{Bucket}/{Key+}?legal-hold PutObjectLegalHold
        PUT /{Bucket}/{Key+}?renameObject RenameObject
        POST /{Bucket}/{Key+}?restore RestoreObject
        GET /{Bucket}/{Key+}?retention GetObjectRetention
        PUT /{Bucket}/{Key+}?retention PutObjectRetention
        POST /{Bucket}/{Key+}?select SelectObjectContent
        GET /{Bucket}/{Key+}?torrent GetObjectTorrent
        """
    );
}
