using Disa.Emulator.Aws;

namespace Disa.Emulator.DynamoDb;

internal sealed record DescribeExportRequest(string? ExportArn);

internal sealed record DescribeExportResponse(ExportDescription ExportDescription);

/// <summary>How far an export is, or what became of it.</summary>
internal sealed class DescribeExport(ExportStore exports)
{
    public DescribeExportResponse Run(DescribeExportRequest request, Caller caller)
    {
        new Checks().NotNull("exportArn", request.ExportArn).Length("exportArn", request.ExportArn, 37, 1024).Throw();
        return new DescribeExportResponse(ExportDescription.Of(exports.Find(caller.Scope, request.ExportArn!)));
    }
}
