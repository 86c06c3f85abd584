using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>What S3 has and this room does not (https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html).</summary>
internal static class UndoneOperations
{
    public static readonly IReadOnlyList<UndoneOperation> All = UndoneOperation.Parse(
        """
        GET /{Bucket}?abac GetBucketAbac
        PUT /{Bucket}?abac PutBucketAbac
        POST /{Bucket}?metadataConfiguration CreateBucketMetadataConfiguration
        GET /{Bucket}?metadataConfiguration GetBucketMetadataConfiguration
        DELETE /{Bucket}?metadataConfiguration DeleteBucketMetadataConfiguration
        PUT /{Bucket}?metadataInventoryTable UpdateBucketMetadataInventoryTableConfiguration
        PUT /{Bucket}?metadataJournalTable UpdateBucketMetadataJournalTableConfiguration
        POST /{Bucket}?metadataTable CreateBucketMetadataTableConfiguration
        GET /{Bucket}?metadataTable GetBucketMetadataTableConfiguration
        DELETE /{Bucket}?metadataTable DeleteBucketMetadataTableConfiguration
        PUT /{Bucket}?replication PutBucketReplication
        DELETE /{Bucket}?replication DeleteBucketReplication
        GET /{Bucket}?session CreateSession
        PUT /{Bucket}/{Key+}?encryption UpdateObjectEncryption
        PUT /{Bucket}/{Key+}?renameObject RenameObject
        POST /{Bucket}/{Key+}?select SelectObjectContent
        GET /{Bucket}/{Key+}?torrent GetObjectTorrent
        """
    );
}
