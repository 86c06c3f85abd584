using Disa.Emulator.Aws;

namespace Disa.Emulator.Events;

public sealed record CreateArchiveRequest(
    string? ArchiveName,
    string? EventSourceArn,
    string? Description = null,
    string? EventPattern = null,
    int? RetentionDays = null,
    string? KmsKeyIdentifier = null
);

/// <summary>What creating or changing an archive answers.</summary>
public sealed record ArchiveResponse(string ArchiveArn, string State, DateTimeOffset CreationTime);

/// <summary>From now on the bus's events that match go into the archive, but those of replays.</summary>
internal sealed class CreateArchive(Archives archives, Action signal)
{
    public Task<ArchiveResponse> Run(CreateArchiveRequest request, Caller caller, CancellationToken cancellation) =>
        Create(request, caller, null);

    /// <param name="token">Of the CloudFormation step that creates it: a step that is repeated finds what it made.</param>
    public async Task<ArchiveResponse> Create(CreateArchiveRequest request, Caller caller, string? token)
    {
        var name = EventsErrors.Name(request.ArchiveName, "archiveName", Archives.LongestName);
        Archives.Check(request.Description, request.EventPattern, request.RetentionDays, request.KmsKeyIdentifier);
        var archive = new Archive
        {
            Name = name,
            Arn = Archive.ArnOf(name, caller.Scope),
            Bus = archives.BusOf(request.EventSourceArn, caller),
            Description = request.Description,
            EventPattern = string.IsNullOrEmpty(request.EventPattern) ? null : request.EventPattern,
            RetentionDays = request.RetentionDays ?? 0,
            Created = archives.Now,
            Key = Guid.NewGuid().ToString(),
            CreationToken = token,
        };
        return await archives
            .Database.Write(transaction =>
            {
                var there = archives.Bus.Archives.Get(transaction, caller.Scope, name);
                if (there is not null && (token is null || there.CreationToken != token))
                {
                    throw new AwsException("ResourceAlreadyExistsException", $"Archive {name} already exists.");
                }

                if (there is null)
                {
                    archives.Bus.Archives.Put(transaction, caller.Scope, name, archive);
                    transaction.AfterCommit(signal);
                }

                return new ArchiveResponse(archive.Arn, Archive.Enabled, (there ?? archive).Created);
            })
            .ConfigureAwait(false);
    }
}
