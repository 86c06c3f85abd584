using Disa.Emulator.Aws;

namespace Disa.Emulator.Events;

public sealed record DescribeArchiveResponse
{
    public required string ArchiveArn { get; init; }

    public required string ArchiveName { get; init; }

    public required string EventSourceArn { get; init; }

    public string? Description { get; init; }

    public string? EventPattern { get; init; }

    public required string State { get; init; }

    public required int RetentionDays { get; init; }

    public required long SizeBytes { get; init; }

    public required long EventCount { get; init; }

    public required DateTimeOffset CreationTime { get; init; }
}

/// <summary>Answers an archive with the number of its events.</summary>
internal sealed class DescribeArchive(Archives archives)
{
    public DescribeArchiveResponse Run(ArchiveRequest request, Caller caller)
    {
        var archive = archives.Find(request.ArchiveName, caller.Scope);
        var (count, size) = archives.Count(archive);
        return new()
        {
            ArchiveArn = archive.Arn,
            ArchiveName = archive.Name,
            EventSourceArn = EventBuses.ArnOf(archive.Bus, caller.Scope),
            Description = archive.Description,
            EventPattern = archive.EventPattern,
            State = Archive.Enabled,
            RetentionDays = archive.RetentionDays,
            SizeBytes = size,
            EventCount = count,
            CreationTime = archive.Created,
        };
    }
}
