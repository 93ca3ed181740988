package dev.tandem.datasets;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** Extracts the outline of an OpenMoji icon: shapes stroked black without a fill, and shapes filled black. */
final class SvgOutline {
    private static final Set<String> SHAPES = Set.of("path", "circle", "ellipse", "rect", "use");
    private static final Set<String> BLACK = Set.of("#000", "#000000", "black");
    private static final String SVG_DEFAULT_FILL = "#000";
    private static final String SVG_DEFAULT_STROKE = "none";

    private final Map<String, Element> byId = new HashMap<>();

    private SvgOutline() {}

    /**
     * Extracts the outline.
     *
     * @param body body of the icon's SVG
     * @return body of the outline's SVG
     */
    static String of(String body) {
        try {
            Document document = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(Svg.document(body))));
            SvgOutline outline = new SvgOutline();
            outline.index(document.getDocumentElement());
            outline.prune(document.getDocumentElement(), SVG_DEFAULT_FILL, SVG_DEFAULT_STROKE);
            return inner(document.getDocumentElement());
        } catch (ParserConfigurationException | SAXException | IOException | TransformerException e) {
            throw new IllegalStateException("not an SVG: " + body, e);
        }
    }

    private void index(Element element) {
        if (element.hasAttribute("id")) {
            byId.put(element.getAttribute("id"), element);
        }
        children(element).forEach(this::index);
    }

    /** Removes all shapes outside the outline. Definitions stay, because each reference to them is checked. */
    private void prune(Element parent, String fill, String stroke) {
        for (Element child : children(parent)) {
            String childFill = attribute(child, "fill", fill);
            String childStroke = attribute(child, "stroke", stroke);
            if (SHAPES.contains(child.getTagName())) {
                if (!isOutline(child, childFill, childStroke)) {
                    parent.removeChild(child);
                }
            } else if (!child.getTagName().equals("defs")) {
                prune(child, childFill, childStroke);
            }
        }
    }

    private boolean isOutline(Element shape, String fill, String stroke) {
        String reference = attribute(shape, "href", attribute(shape, "xlink:href", ""));
        Element target = byId.getOrDefault(reference.replaceFirst("^#", ""), shape);
        String targetFill = attribute(target, "fill", fill);
        String targetStroke = attribute(target, "stroke", stroke);
        return BLACK.contains(targetFill) || targetFill.equals("none") && BLACK.contains(targetStroke);
    }

    private static String attribute(Element element, String name, String inherited) {
        return element.hasAttribute(name) ? element.getAttribute(name) : inherited;
    }

    private static List<Element> children(Element parent) {
        List<Element> children = new ArrayList<>();
        NodeList nodes = parent.getChildNodes();
        for (int i = 0; i < nodes.getLength(); i++) {
            if (nodes.item(i) instanceof Element child) {
                children.add(child);
            }
        }
        return children;
    }

    private static String inner(Element root) throws TransformerException {
        Transformer transformer = TransformerFactory.newInstance().newTransformer();
        transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
        StringWriter text = new StringWriter();
        for (Node child = root.getFirstChild(); child != null; child = child.getNextSibling()) {
            transformer.transform(new DOMSource(child), new StreamResult(text));
        }
        return text.toString();
    }
}
