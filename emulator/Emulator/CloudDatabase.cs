using Disa.Emulator.Store;

namespace Disa.Emulator;

/// <summary>The file that holds all there is: every room's tables, and what of them is sealed.</summary>
internal static class CloudDatabase
{
    private const string ColumnsKey = "disa.db columns";

    /// <summary>What is someone's data, and not sealed by a key of its own as items, messages, mails and objects are.</summary>
    public static readonly SealedColumn[] SealedColumns =
    [
        Migration.SealedDocuments,
        new("cloudformation_event", "value"),
        new("cloudwatch_action", "subject"),
        new("cloudwatch_action", "body"),
        new("cloudwatch_history", "summary"),
        new("cloudwatch_history", "data"),
        new("events_archived", "value"),
        new("events_delivery", "value"),
        new("lambda_async", "payload"),
        new("logs_event", "message"),
        new("s3_notification", "value"),
        new("s3_upload", "meta"),
        new("s3_version", "meta"),
        new("sns_mail", "subject"),
        new("sqs_message", "attributes"),
        new("stepfunctions_event", "value"),
        new("stepfunctions_execution", "cause"),
        new("stepfunctions_execution", "error"),
        new("stepfunctions_execution", "input"),
        new("stepfunctions_execution", "output"),
        new("stepfunctions_position", "value"),
        new("stepfunctions_revision", "value"),
    ];

    /// <summary>Opens or makes the file in the data directory, or a copy of another in memory.</summary>
    public static Database Open(LocalCloudOptions options)
    {
        var file = options.DataDirectory is null ? null : DataFolder.DatabaseIn(options.DataDirectory);
        var copied = options.From is null ? null : DataFolder.DatabaseIn(options.From);
        var isNew = file is null || !File.Exists(file) || new FileInfo(file).Length == 0;
        if (options.DataDirectory is { } directory)
        {
            DataFolder.CreatePrivate(directory);
        }

        return Database.Open(
            new DatabaseOptions
            {
                Path = file,
                From = copied,
                Key =
                    file is not null ? Kms.RootKey.Open(options.DataDirectory, mayCreate: isNew).Derive(ColumnsKey)
                    : copied is not null && Database.IsSealed(copied) ? Kms.RootKey.Open(options.From, mayCreate: false).Derive(ColumnsKey)
                    : null,
                Sealed = SealedColumns,
                BeforeWrite = options.BeforeWrite,
            },
            [
                // Each room's tables, one line a room.
                CloudFormation.StackStore.Events,
                .. S3.S3Room.Migrations,
                .. Sqs.SqsRoom.Migrations,
                .. Sns.SnsRoom.Migrations,
                .. CloudWatch.CloudWatchRoom.Migrations,
                .. Events.EventsRoom.Migrations,
                .. Scheduler.SchedulerRoom.Migrations,
                .. Logs.LogsRoom.Migrations,
                .. Lambda.LambdaRoom.Migrations,
                .. DynamoDb.DynamoDbRoom.Migrations,
                .. StepFunctions.StepFunctionsRoom.Migrations,
            ]
        );
    }

    /// <summary>Writes a copy, with the key that opens it, to a directory.</summary>
    public static void Save(Database database, Kms.Keys keys, string directory)
    {
        Directory.CreateDirectory(directory);
        foreach (var old in (ReadOnlySpan<string>)["", "-wal", "-shm"])
        {
            File.Delete(DataFolder.DatabaseIn(directory) + old);
        }

        DataFolder.CreatePrivate(directory);
        keys.SaveRootKey(directory);
        database.CopyTo(DataFolder.DatabaseIn(directory));
    }
}
