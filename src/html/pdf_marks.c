#include "html/pdf_marks.h"

#include <qpdf/qpdf-c.h>
#include <stdlib.h>

#include "base/auto.h"
#include "html/html.h"

enum { XMP_BYTES = 64 * 1024, PROFILE_BYTES = 4096, TREE_DEPTH = 24 };

struct marker {
    struct arena *a;
    qpdf_data pdf;
    const struct pdf_facts *facts;
    size_t figure; /* the next one */
};

static qpdf_oh text(const struct marker *m, struct str s)
{
    return qpdf_oh_new_unicode_string(m->pdf, str_cstr(m->a, s));
}

static void put(const struct marker *m, qpdf_oh dictionary, const char *key, const char *object)
{
    qpdf_oh_replace_key(m->pdf, dictionary, key, qpdf_oh_parse(m->pdf, object));
}

static qpdf_oh new_stream(const struct marker *m, struct str content, const char *dictionary)
{
    qpdf_oh stream = qpdf_oh_new_stream(m->pdf);
    qpdf_oh none = qpdf_oh_new_null(m->pdf), from = qpdf_oh_parse(m->pdf, dictionary),
            own = qpdf_oh_get_dict(m->pdf, stream);
    qpdf_oh_replace_stream_data(m->pdf, stream, (const unsigned char *)content.at, content.len, none, none);
    qpdf_oh_begin_dict_key_iter(m->pdf, from);
    while (qpdf_oh_dict_more_keys(m->pdf)) {
        const char *key = qpdf_oh_dict_next_key(m->pdf);
        qpdf_oh_replace_key(m->pdf, own, key, qpdf_oh_get_key(m->pdf, from, key));
    }
    return stream;
}

/* ---- what the numbers of colours mean: sRGB (IEC 61966-2-1) as an ICC profile of version 2 ---- */

static void put_u32(struct buf *b, uint32_t n)
{
    for (int shift = 24; shift >= 0; shift -= 8) buf_add_char(b, (char)(unsigned char)(n >> shift));
}

static void put_xyz(struct buf *b, const uint32_t xyz[3])
{
    for (int i = 0; i < 3; i++) put_u32(b, xyz[i]);
}

static const uint32_t white_d50[3] = {0xF6D6, 0x10000, 0xD32D}; /* s15Fixed16 */
static const uint32_t primaries[3][3] = {
    {0x6FA2, 0x38F5, 0x0390}, /* sRGB's, adapted to D50 */
    {0x6299, 0xB785, 0x18DA},
    {0x24A0, 0x0F84, 0xB6CF},
};
enum { XYZ_BYTES = 20, CURVE_BYTES = 16, DESC_BYTES = 96, COPY_BYTES = 12, TAG_COUNT = 9, HEAD_BYTES = 128 };

static void put_profile_head(struct buf *b, uint32_t bytes)
{
    put_u32(b, bytes);
    put_u32(b, 0);
    put_u32(b, 0x02100000); /* version 2.1 */
    buf_add(b, STR("mntrRGB XYZ "));
    buf_add(b, STR("\x07\xCE\0\x02\0\x09\0\x06\0\x31\0\0")); /* the day of the standard's draft */
    buf_add(b, STR("acsp"));
    for (int i = 0; i < 7; i++) put_u32(b, 0); /* platform, flags, maker, model, attributes, intent */
    put_xyz(b, white_d50);
    while (b->len < HEAD_BYTES) buf_add_char(b, 0);
}

static void put_profile_tags(struct buf *b)
{
    static const struct {
        const char *name;
        uint32_t bytes;
    } tags[TAG_COUNT] = {
        {"desc", DESC_BYTES },
        {"cprt", COPY_BYTES },
        {"wtpt", XYZ_BYTES  },
        {"rXYZ", XYZ_BYTES  },
        {"gXYZ", XYZ_BYTES  },
        {"bXYZ", XYZ_BYTES  },
        {"rTRC", CURVE_BYTES},
        {"gTRC", CURVE_BYTES},
        {"bTRC", CURVE_BYTES},
    };
    uint32_t at = HEAD_BYTES + 4 + TAG_COUNT * 12;
    put_u32(b, TAG_COUNT);
    for (size_t i = 0; i < TAG_COUNT; i++) {
        buf_add(b, str_from(tags[i].name));
        put_u32(b, at);
        put_u32(b, tags[i].bytes);
        at += tags[i].bytes;
    }
}

static void put_profile(struct buf *b)
{
    put_profile_head(b, HEAD_BYTES + 4 + TAG_COUNT * 12 + DESC_BYTES + COPY_BYTES + 4 * XYZ_BYTES + 3 * CURVE_BYTES);
    put_profile_tags(b);
    size_t from = b->len;
    buf_add(b, STR("desc\0\0\0\0\0\0\0\x05sRGB"));
    while (b->len < from + DESC_BYTES) buf_add_char(b, 0);
    buf_add(b, STR("text\0\0\0\0CC0\0"));
    buf_add(b, STR("XYZ \0\0\0\0"));
    put_xyz(b, white_d50);
    for (int i = 0; i < 3; i++) {
        buf_add(b, STR("XYZ \0\0\0\0"));
        put_xyz(b, primaries[i]);
    }
    for (int i = 0; i < 3; i++) {
        buf_add(b, STR("curv\0\0\0\0"));
        put_u32(b, 1);
        buf_add(b, STR("\x02\x33\0\0")); /* gamma 2.2 as u8Fixed8, padded to four bytes */
    }
}

static void mark_colours(const struct marker *m, qpdf_oh root)
{
    AUTO_BUF struct buf profile;
    buf_init(&profile, PROFILE_BYTES);
    put_profile(&profile);
    struct str bytes = str_dup(m->a, buf_str(&profile));
    qpdf_oh stream = new_stream(m, bytes, "<< /N 3 /Alternate /DeviceRGB >>");
    qpdf_oh intent =
        qpdf_oh_parse(m->pdf, "<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB) /Info (sRGB) >>");
    qpdf_oh_replace_key(m->pdf, intent, "/DestOutputProfile", stream);
    qpdf_oh_replace_key(m->pdf, root, "/OutputIntents", qpdf_oh_wrap_in_array(m->pdf, intent));
}

/* ---- XMP: the same facts as the document's information dictionary ---- */

static void put_escaped(struct buf *b, const char *before, struct str s, const char *after)
{
    buf_add(b, str_from(before));
    html_escape(b, s);
    buf_add(b, str_from(after));
}

/* PDF/A asks that names outside its own vocabulary are described; pdfuaid is one. */
static const char extension_text[] =
    "<rdf:Description rdf:about=\"\" xmlns:pdfaExtension=\"http://www.aiim.org/pdfa/ns/extension/\""
    " xmlns:pdfaSchema=\"http://www.aiim.org/pdfa/ns/schema#\" "
    "xmlns:pdfaProperty=\"http://www.aiim.org/pdfa/ns/property#\">"
    "<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType=\"Resource\">"
    "<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>"
    "<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>"
    "<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType=\"Resource\">"
    "<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>"
    "<pdfaProperty:category>internal</pdfaProperty:category>"
    "<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>"
    "</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>\n";

static void put_xmp(const struct marker *m, struct buf *b, struct str producer)
{
    struct str at = instant_format(m->a, m->facts->at - m->facts->at % US_PER_S);
    buf_add(
        b,
        STR("<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
            "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF "
            "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
            "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\""
            " xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\""
            " xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\" xmlns:pdfuaid=\"http://www.aiim.org/pdfua/ns/id/\">"
            "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance><pdfuaid:part>1</pdfuaid:part>"
            "<dc:format>application/pdf</dc:format><dc:language><rdf:Bag><rdf:li>vi</rdf:li></rdf:Bag></dc:language>"));
    put_escaped(b, "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">", m->facts->title,
                "</rdf:li></rdf:Alt></dc:title>");
    put_escaped(b, "<dc:creator><rdf:Seq><rdf:li>", m->facts->author, "</rdf:li></rdf:Seq></dc:creator>");
    put_escaped(b, "<xmp:CreateDate>", at, "</xmp:CreateDate>");
    put_escaped(b, "<xmp:ModifyDate>", at, "</xmp:ModifyDate><xmp:CreatorTool>Motcua</xmp:CreatorTool>");
    put_escaped(b, "<pdf:Producer>", producer, "</pdf:Producer></rdf:Description>\n");
    buf_add(b, str_from(extension_text));
    buf_add(b, STR("</rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>"));
}

static void mark_document(const struct marker *m, qpdf_oh root)
{
    AUTO_BUF struct buf xmp;
    qpdf_oh information = qpdf_oh_get_key(m->pdf, qpdf_get_trailer(m->pdf), "/Info");
    struct str producer =
        str_dup(m->a, str_from(qpdf_oh_get_utf8_value(m->pdf, qpdf_oh_get_key(m->pdf, information, "/Producer"))));
    buf_init(&xmp, XMP_BYTES);
    put_xmp(m, &xmp, producer);
    struct str bytes = str_dup(m->a, buf_str(&xmp));
    qpdf_oh_replace_key(m->pdf, root, "/Metadata", new_stream(m, bytes, "<< /Type /Metadata /Subtype /XML >>"));
    put(m, root, "/Lang", "(vi)");
    put(m, root, "/ViewerPreferences", "<< /DisplayDocTitle true >>");
}

/* ---- the tree of elements ---- */

static bool is_named(const struct marker *m, qpdf_oh element, const char *name)
{
    return qpdf_oh_is_dictionary(m->pdf, element) &&
           qpdf_oh_is_name_and_equals(m->pdf, qpdf_oh_get_key(m->pdf, element, "/S"), name);
}

/* PDF counts from the bottom left corner. */
static void mark_figure(struct marker *m, qpdf_oh element)
{
    if (m->figure == m->facts->figure_count) return;
    const struct pdf_figure *f = &m->facts->figures[m->figure++];
    struct str place = str_format(m->a, "<< /O /Layout /Placement /Block /BBox [ %.2f %.2f %.2f %.2f ] >>", f->left,
                                  f->page_height - f->top - f->height, f->left + f->width, f->page_height - f->top);
    qpdf_oh_replace_key(m->pdf, element, "/Alt", text(m, f->alt.len > 0 ? f->alt : STR("QR")));
    put(m, element, "/A", place.at);
}

static void mark_element(struct marker *m, qpdf_oh element, int depth);

static void mark_children(struct marker *m, qpdf_oh element, int depth)
{
    qpdf_oh children = qpdf_oh_get_key(m->pdf, element, "/K");
    if (!qpdf_oh_is_array(m->pdf, children)) {
        if (is_named(m, children, "/" PDF_DECORATION))
            qpdf_oh_remove_key(m->pdf, element, "/K");
        else
            mark_element(m, children, depth);
        return;
    }
    for (int i = 0; i < qpdf_oh_get_array_n_items(m->pdf, children);) {
        qpdf_oh child = qpdf_oh_get_array_item(m->pdf, children, i);
        if (is_named(m, child, "/" PDF_DECORATION)) {
            qpdf_oh_erase_item(m->pdf, children, i);
        } else {
            mark_element(m, child, depth);
            i++;
        }
        qpdf_oh_release(m->pdf, child);
    }
}

static void mark_element(struct marker *m, qpdf_oh element, int depth)
{
    if (depth == TREE_DEPTH || !qpdf_oh_is_dictionary(m->pdf, element)) return;
    if (is_named(m, element, "/Figure")) mark_figure(m, element);
    if (is_named(m, element, "/TH")) put(m, element, "/A", "<< /O /Table /Scope /Column >>");
    mark_children(m, element, depth + 1);
}

/* Decoration has no element: its places in the lists from pages to elements become null. */
static void mark_parents(struct marker *m, qpdf_oh tree)
{
    qpdf_oh numbers = qpdf_oh_get_key(m->pdf, qpdf_oh_get_key(m->pdf, tree, "/ParentTree"), "/Nums");
    for (int i = 1; i < qpdf_oh_get_array_n_items(m->pdf, numbers); i += 2) {
        qpdf_oh page = qpdf_oh_get_array_item(m->pdf, numbers, i);
        for (int n = 0; n < qpdf_oh_get_array_n_items(m->pdf, page); n++) {
            qpdf_oh element = qpdf_oh_get_array_item(m->pdf, page, n);
            if (is_named(m, element, "/" PDF_DECORATION))
                qpdf_oh_set_array_item(m->pdf, page, n, qpdf_oh_new_null(m->pdf));
            qpdf_oh_release(m->pdf, element);
        }
        qpdf_oh_release(m->pdf, page);
    }
}

/* ---- pages ---- */

/* "/Private << /MCID 7 >> BDC" becomes "/Artifact BMC". Cairo writes it on a line of its own; a text that says the same
 * stands in brackets or in a line that ends with a backslash. */
static struct str mark_content(const struct marker *m, struct str content, struct buf *out)
{
    const struct str begin = STR("\n/" PDF_DECORATION " << /MCID ");
    size_t from = 0;
    for (ptrdiff_t at = str_find(content, begin, 0); at >= 0; at = str_find(content, begin, (size_t)at + 1)) {
        size_t digits = (size_t)at + begin.len, to = digits;
        while (to < content.len && content.at[to] >= '0' && content.at[to] <= '9') to++;
        if (to == digits || !str_starts(str_part(content, to, 8), STR(" >> BDC\n"))) continue;
        buf_add(out, str_part(content, from, (size_t)at - from));
        buf_add(out, STR("\n/Artifact BMC"));
        from = to + 7;
    }
    buf_add(out, str_part(content, from, content.len));
    return str_dup(m->a, buf_str(out));
}

static void mark_fonts(const struct marker *m, qpdf_oh page)
{
    qpdf_oh fonts = qpdf_oh_get_key(m->pdf, qpdf_oh_get_key(m->pdf, page, "/Resources"), "/Font");
    if (!qpdf_oh_is_dictionary(m->pdf, fonts)) return;
    qpdf_oh_begin_dict_key_iter(m->pdf, fonts);
    while (qpdf_oh_dict_more_keys(m->pdf)) {
        qpdf_oh font = qpdf_oh_get_key(m->pdf, fonts, qpdf_oh_dict_next_key(m->pdf));
        if (!qpdf_oh_has_key(m->pdf, font, "/DescendantFonts")) continue;
        qpdf_oh inner = qpdf_oh_get_array_item(m->pdf, qpdf_oh_get_key(m->pdf, font, "/DescendantFonts"), 0);
        bool is_true_type =
            qpdf_oh_is_name_and_equals(m->pdf, qpdf_oh_get_key(m->pdf, inner, "/Subtype"), "/CIDFontType2");
        if (is_true_type && !qpdf_oh_has_key(m->pdf, inner, "/CIDToGIDMap")) put(m, inner, "/CIDToGIDMap", "/Identity");
    }
}

static void mark_page(const struct marker *m, int n)
{
    unsigned char *at = NULL;
    size_t bytes = 0;
    qpdf_oh page = qpdf_get_page_n(m->pdf, (size_t)n);
    qpdf_oh contents = qpdf_oh_get_key(m->pdf, page, "/Contents");
    mark_fonts(m, page);
    put(m, page, "/Tabs", "/S");
    if (!(qpdf_oh_get_page_content_data(m->pdf, page, &at, &bytes) & QPDF_ERRORS) && at != NULL) {
        AUTO_BUF struct buf changed;
        buf_init(&changed, bytes + 1);
        struct str content = mark_content(m, str_of((const char *)at, bytes), &changed);
        qpdf_oh none = qpdf_oh_new_null(m->pdf);
        qpdf_oh_replace_stream_data(m->pdf, contents, (const unsigned char *)content.at, content.len, none, none);
    }
    free(at);
}

/* ---- the file ---- */

static enum outcome refuse(const struct marker *m, struct fail *why)
{
    struct str reason = STR("qpdf");
    if (qpdf_has_error(m->pdf)) reason = str_from(qpdf_get_error_full_text(m->pdf, qpdf_get_error(m->pdf)));
    return fail(why, ERR_DOWN, N_("The letter could not be set on paper: {0}."), reason);
}

static enum outcome mark(struct marker *m, struct str pdf, struct buf *out, struct fail *why)
{
    qpdf_set_suppress_warnings(m->pdf, QPDF_TRUE);
    qpdf_silence_errors(m->pdf);
    if (qpdf_read_memory(m->pdf, "letter", pdf.at, pdf.len, NULL) & QPDF_ERRORS) return refuse(m, why);
    qpdf_oh root = qpdf_get_root(m->pdf), tree = qpdf_oh_get_key(m->pdf, root, "/StructTreeRoot");
    mark_document(m, root);
    mark_colours(m, root);
    mark_parents(m, tree);
    mark_children(m, tree, 0);
    for (int i = 0; i < qpdf_get_num_pages(m->pdf); i++) mark_page(m, i);
    if (qpdf_has_error(m->pdf)) return refuse(m, why);
    if (qpdf_init_write_memory(m->pdf) & QPDF_ERRORS) return refuse(m, why);
    qpdf_set_deterministic_ID(m->pdf, QPDF_TRUE);
    qpdf_set_object_stream_mode(m->pdf, qpdf_o_generate);
    qpdf_set_minimum_pdf_version(m->pdf, "1.7");
    if (qpdf_write(m->pdf) & QPDF_ERRORS) return refuse(m, why);
    buf_add(out, str_of((const char *)qpdf_get_buffer(m->pdf), qpdf_get_buffer_length(m->pdf)));
    return OK;
}

enum outcome pdf_mark(struct arena *a, struct str pdf, const struct pdf_facts *facts, struct buf *out, struct fail *why)
{
    struct marker m = {.a = a, .pdf = qpdf_init(), .facts = facts};
    enum outcome marked = mark(&m, pdf, out, why);
    qpdf_cleanup(&m.pdf);
    return marked;
}
