/// The look that every HTML report of Countersign shares: one stylesheet, put into each file.
package enum ReportStyle {
    package static let css = String(decoding: PackageResources.style_css, as: UTF8.self)
}
