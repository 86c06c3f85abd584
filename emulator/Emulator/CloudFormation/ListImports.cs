using Disa.Emulator.Aws;

namespace Disa.Emulator.CloudFormation;

internal sealed record ListImportsRequest(string? ExportName = null, string? NextToken = null);

internal sealed record ListImportsResponse(List<string> Imports);

/// <summary>Lists the stacks that import an export.</summary>
internal static class ListImports
{
    public static ListImportsResponse Run(ListImportsRequest request, Caller caller, StackStore store)
    {
        store.Lists.OnePage(request.NextToken);
        var importers = store
            .Stacks.List(caller.Scope)
            .Values.Where(s => !s.IsDeleted && s.Imports.Contains(request.ExportName ?? ""))
            .Select(s => s.Name)
            .ToList();
        return importers.Count > 0
            ? new(importers)
            : throw StackErrors.Validation($"Export '{request.ExportName}' is not imported by any stack.");
    }
}
