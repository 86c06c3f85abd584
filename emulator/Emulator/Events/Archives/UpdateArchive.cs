using Disa.Emulator.Aws;

namespace Disa.Emulator.Events;

public sealed record UpdateArchiveRequest(
    string? ArchiveName,
    string? Description = null,
    string? EventPattern = null,
    int? RetentionDays = null,
    string? KmsKeyIdentifier = null
);

/// <summary>Changes what is given; what is kept already stays, as long as the retention of now lets it.</summary>
internal sealed class UpdateArchive(Archives archives)
{
    public async Task<ArchiveResponse> Run(UpdateArchiveRequest request, Caller caller, CancellationToken cancellation)
    {
        var name = EventsErrors.Name(request.ArchiveName, "archiveName", Archives.LongestName);
        Archives.Check(request.Description, request.EventPattern, request.RetentionDays, request.KmsKeyIdentifier);
        return await archives
            .Database.Write(transaction =>
            {
                // AWS answers an archive that is not there with an error of its own (recorded 17-05-2024).
                var archive =
                    archives.Bus.Archives.Get(transaction, caller.Scope, name)
                    ?? throw new AwsException("InternalException", "Service encountered unexpected problem. Please try again.", 500);
                archives.Bus.Archives.Put(
                    transaction,
                    caller.Scope,
                    name,
                    archive with
                    {
                        Description = Changed(request.Description, archive.Description),
                        EventPattern = Changed(request.EventPattern, archive.EventPattern),
                        RetentionDays = request.RetentionDays ?? archive.RetentionDays,
                    }
                );
                return new ArchiveResponse(archive.Arn, Archive.Enabled, archive.Created);
            })
            .ConfigureAwait(false);
    }

    /// <summary>A text that is given empty is taken away.</summary>
    private static string? Changed(string? given, string? before) =>
        given is null ? before
        : given.Length == 0 ? null
        : given;
}
